// Plays a QTI item with @citolab/qti-components: an HTML document is made of its XML, each of the answers is given and marked.
async function play(xml, answers) {
  const read = new DOMParser().parseFromString(xml, "text/xml");
  if (read.querySelector("parsererror")) throw new Error(read.documentElement.textContent);
  const copy = (node) => {
    if (node.nodeType !== Node.ELEMENT_NODE) return document.createTextNode(node.nodeType === Node.COMMENT_NODE ? "" : node.data);
    const math = node.namespaceURI.endsWith("MathML");
    const made = math ? document.createElementNS(node.namespaceURI, node.localName) : document.createElement(node.localName);
    for (const one of node.attributes) if (!one.name.startsWith("xmlns")) made.setAttribute(one.name, one.value);
    made.append(...[...node.childNodes].map(copy));
    return made;
  };
  const outcomes = [];
  let shown = "";
  for (const answer of answers) {
    const item = copy(read.documentElement);
    document.body.replaceChildren(item);
    await item.updateComplete;
    await new Promise((done) => requestAnimationFrame(done));
    shown = document.body.innerText;
    for (const [name, value] of Object.entries(answer)) item.updateResponseVariable(name, value);
    item.processResponse();
    outcomes.push(Object.fromEntries(item.variables.filter((one) => one.type === "outcome").map((one) => [one.identifier, one.value])));
  }
  return { outcomes, shown };
}
