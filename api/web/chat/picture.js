// A member ID card as a PNG picture, drawn from its data: no server keeps one.

const WIDTH = 1012;
const HEIGHT = 638;
const MARGIN = 56;
const FONT = 'Inter, "Segoe UI", Roboto, "Liberation Sans", sans-serif';

/** Draw the card and offer it as a download. `values`: [[label, value]]. */
export function saveCardPicture({ company, values, note }) {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const pen = canvas.getContext("2d");
  const ground = pen.createLinearGradient(0, 0, WIDTH, HEIGHT);
  ground.addColorStop(0, "#0f5c73");
  ground.addColorStop(1, "#0b3f55");
  pen.fillStyle = ground;
  pen.roundRect(0, 0, WIDTH, HEIGHT, 40);
  pen.fill();
  const write = (words, x, y, font, width = WIDTH - x - MARGIN) => {
    pen.font = `${font} ${FONT}`;
    pen.fillText(words, x, y, width);
  };
  pen.fillStyle = "#ffffff";
  write(company, MARGIN, 108, "700 52px");
  const column = (WIDTH - 2 * MARGIN) / 2;
  values.slice(0, 8).forEach(([label, value], place) => {
    const x = MARGIN + (place % 2) * column;
    const y = 210 + Math.floor(place / 2) * 100;
    pen.fillStyle = "#c4e3ec";
    write(label, x, y, "400 24px", column - 24);
    pen.fillStyle = "#ffffff";
    write(value, x, y + 38, "600 34px", column - 24);
  });
  pen.fillStyle = "#c4e3ec";
  if (note) write(note, MARGIN, HEIGHT - 34, "400 22px");
  canvas.toBlob((blob) => download(blob, "member-card.png"));
}

/** Hand a Blob to the browser's downloads. */
export function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
