"""Names that invented people and streets are put together from."""

FEMALE_NAMES = (
    "Alice", "Beatrice", "Carmen", "Diana", "Elena", "Frances", "Grace", "Helen", "Irene",
    "Julia", "Karen", "Laura", "Maria", "Nina", "Olivia", "Paula", "Rachel", "Susan", "Teresa",
    "Ursula", "Vera", "Wendy", "Yolanda", "Zoe", "Priya", "Mei", "Aisha", "Leila", "Ingrid", "Rosa",
)  # fmt: skip
MALE_NAMES = (
    "Adam", "Brian", "Carlos", "David", "Edward", "Frank", "George", "Henry", "Ivan", "James",
    "Kevin", "Louis", "Mark", "Nathan", "Oscar", "Peter", "Robert", "Samuel", "Thomas", "Victor",
    "Walter", "Xavier", "Yusuf", "Zachary", "Raj", "Wei", "Omar", "Liam", "Anton", "Miguel",
)  # fmt: skip
FAMILY_NAMES = (
    "Sampleton", "Testerman", "Exampleby", "Mockwood", "Fictiva", "Placeholm", "Dummond",
    "Stubbins", "Fakerson", "Inventado", "Pretendre", "Madeupsky", "Specimen", "Prototis",
    "Draftley", "Modelo", "Trialova", "Pseudonym", "Imaginson", "Notreal", "Fabricant",
    "Simulacro", "Mockingham", "Sandboxer", "Testaverde", "Phonyfield", "Madeira-Sample",
    "Fablewright", "Exemplar", "Hypothes",
)  # fmt: skip
STREETS = (
    "Sample Street", "Example Avenue", "Invented Lane", "Pretend Road", "Model Court",
    "Placeholder Boulevard", "Mockup Way", "Draft Place", "Trial Drive", "Specimen Square",
)  # fmt: skip
