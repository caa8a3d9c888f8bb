"""Is it Spanish? Function words and everyday forms decide; names of people and towns do not."""

from __future__ import annotations

import re
import unicodedata

# Forms that English text does not hold, without accents; text-speak included.
_SPANISH = frozenset(
    """
    hola buenos buenas dias tardes noches gracias porfavor favor ayuda ayudame ayudeme ayudenme
    quiero kiero quisiera quiere necesito necesita necesitamos tengo tiene tienen tenemos tenia
    estoy esta estan estamos estaba soy eres somos fue era puedo puede pueden podria podrian
    pueda hay hacer hago hace hizo debo debe deberia saber sabe digo dice dijo dijeron hablo
    habla hablan hablar hable entiendo entender llamo llamar llame llamaron pagar pague
    cobraron cobran cobro cubre cubren cubierto cubierta cobertura seguro aseguranza tarjeta cita
    medico medicos medica medicina medicinas receta recetas doctora farmacia clinica
    dentista dientes ojos lentes anteojos embarazo embarazada hijo hija hijos esposo esposa
    mi mis su sus tu tus nuestro nuestra ella ellos ustedes usted nosotros como cuando
    cuanto cuanta cuantos cual cuales donde quien porque porq pq por para pero con sin sobre entre
    desde hasta muy mas menos mucho mucha tambien tampoco ahora ahorita hoy manana ayer siempre
    nunca todavia nada algo alguien algun alguna otro otra otros esto eso este ese esa aqui
    alli cerca lejos que qe el los las del al un una unos unas lo le les nos bien
    mal mejor nuevo nueva cambiar cambio direccion telefono numero cuenta dinero factura facturas
    reclamo reclamacion deducible copago beneficios ingles espanol castellano interprete persona
    alguna trabajo casa ciudad familia ano anos mes meses semana dia duele dolor enfermo enferma
    cuesta cuestan abren abre cierran hora horas donde red siento sientes tomo trago
    dejo dijeron nino nina perdi perdio llego llegado recibi recibido mando mandaron enviar encontrar buscar busco
    agregar quitar cancelar renovar elegir vivo vive mudamos mude
    """.split()
)
# Said in Spanish, but also names, places or English words: they count only beside others.
_WEAK = frozenset(
    "de la el los las san santa no me a en y o es se te si con un una al del lo mi son gracias ya "
    "plan hospital doctor papa mama clinica mal pago todo solo".split()
)
_ENGLISH = frozenset(
    """
    the is are was were be been am i im you your my we our they he she it its this that these those
    and or but if of to for with from on at in by an what whats when where who why how which do
    does did dont doesnt can cant could would will should have has had need want get got please
    thanks help not there here about any some all just out up so am pay card doctor plan speak
    """.split()
)
# Endings that English words of this length do not have.
_SHAPE = re.compile(
    r".{3,}(?:cion|ciones|ando|iendo|aron|ieron|amos|emos|idad|ados|adas|arme|erme|irme)$"
)
_ACCENTED = re.compile(r"[áéíóúñ]")
_WORD = re.compile(r"[a-z]+")


def is_spanish(text: str) -> bool:
    """Whether the message is (mostly) Spanish. A Spanish name or town in English is not."""
    lowered = text.lower()
    if "¿" in lowered or "¡" in lowered:
        return True
    folded = unicodedata.normalize("NFKD", lowered.replace("'", ""))
    words = _WORD.findall("".join(c for c in folded if not unicodedata.combining(c)))
    weak = sum(word in _WEAK for word in words)
    spanish = sum(
        (word in _SPANISH and word not in _WEAK) or _SHAPE.match(word) is not None for word in words
    )
    english = sum(word in _ENGLISH for word in words)
    hints = weak + len(_ACCENTED.findall(lowered))
    if not spanish:
        return english == 0 and hints >= 4
    return 2 * spanish + hints > 2 * english and 2 * spanish + hints >= min(3, 2 * len(words))
