/** The child of a node that is or contains another node. */
function childWith(parent: Node, node: Node): Node | null {
  let child: Node | null = node;
  while (child && child.parentNode !== parent) child = child.parentNode;
  return child;
}

/**
 * Browsers that translate a page replace its texts by elements of their own. React does not know that, and
 * `removeChild` and `insertBefore` then throw because the node they are given is not where React put it,
 * which leaves an empty page (github.com/facebook/react, issue 11538). From now on, they act on the element
 * that took the node's place, if there is one.
 */
export function tolerateTranslation(): void {
  const { removeChild, insertBefore } = Node.prototype;
  Node.prototype.removeChild = function <Child extends Node>(this: Node, child: Child): Child {
    const own = childWith(this, child);
    if (own) removeChild.call(this, own);
    return child;
  };
  Node.prototype.insertBefore = function <Added extends Node>(
    this: Node,
    added: Added,
    reference: Node | null,
  ): Added {
    insertBefore.call(this, added, reference && childWith(this, reference));
    return added;
  };
}
