// A member ID card as a PNG picture, drawn from its data: no server keeps one.

const WIDTH = 1012;
const HEIGHT = 638;
const MARGIN = 56;
const FONT = 'Inter, "Segoe UI", Roboto, "Liberation Sans", sans-serif';

// As on the screen (chat.css), from the upper left to the lower right.
const GROUNDS = {
  cigna: ["#1d4f91", "#123a70"],
  mvp: ["#6b2a6e", "#4d1c52"],
  "preferred-care": ["#1f6244", "#154832"],
};
const ANY_GROUND = ["#0f5c73", "#0b3f55"];
const LABELS = "#e3eef2";
// Where the values stand, and how high a row of two is at most.
const TOP = 160;
const BOTTOM = 570;
const MOST_ROW = 100;

/** Draw the card and offer it as a download. `values`: [[label, value]]; all of them are drawn, the
 * smaller the more there are.
 */
export function saveCardPicture({ company, partner, values, note }) {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const pen = canvas.getContext("2d");
  const ground = pen.createLinearGradient(0, 0, WIDTH, HEIGHT);
  (GROUNDS[partner] ?? ANY_GROUND).forEach((colour, place) => ground.addColorStop(place, colour));
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
  const row = Math.min(MOST_ROW, (BOTTOM - TOP) / Math.ceil(values.length / 2));
  values.forEach(([label, value], place) => {
    const x = MARGIN + (place % 2) * column;
    const y = TOP + Math.floor(place / 2) * row + row * 0.3;
    pen.fillStyle = LABELS;
    write(label, x, y, `400 ${row * 0.24}px`, column - 24);
    pen.fillStyle = "#ffffff";
    write(value, x, y + row * 0.38, `600 ${row * 0.34}px`, column - 24);
  });
  pen.fillStyle = LABELS;
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
