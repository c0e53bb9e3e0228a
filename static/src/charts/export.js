/** A drawing as a file of its own: what the page's style sheet says of it is written into it. */

const PROPERTIES = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-opacity",
  "paint-order",
  "font-family",
  "font-size",
  "font-weight",
];

/** @param {Element} from @param {Element} to */
function dress(from, to) {
  const style = getComputedStyle(from);
  for (const name of PROPERTIES) to.setAttribute(name, style.getPropertyValue(name));
  to.removeAttribute("class");
  for (const [index, child] of [...from.children].entries()) {
    const twin = to.children[index];
    if (twin) dress(child, twin);
  }
}

/** @param {SVGElement} drawing as it is shown now, light or dark */
export function standalone(drawing) {
  const copy = /** @type {SVGElement} */ (drawing.cloneNode(true));
  dress(drawing, copy);
  for (const cursor of copy.querySelectorAll("path:not([d])")) cursor.remove();
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  ground.setAttribute("width", "100%");
  ground.setAttribute("height", "100%");
  ground.setAttribute("fill", getComputedStyle(document.body).backgroundColor);
  copy.prepend(ground);
  return new XMLSerializer().serializeToString(copy);
}
