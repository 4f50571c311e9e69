// The virtual clock lets everything go on that takes no time. Browsers have no setImmediate, and take more turns to read a body.
const { port1, port2 } = new MessageChannel();
const due: { act: () => void; turns: number }[] = [];
port1.addEventListener('message', () => {
  const next = due.shift()!;
  if ((next.turns -= 1) === 0) next.act();
  else pushTurn(next);
});
port1.start();
function pushTurn(next: { act: () => void; turns: number }): void {
  due.push(next);
  port2.postMessage(null);
}
Object.assign(globalThis, { setImmediate: (act: () => void) => pushTurn({ act, turns: 16 }) });
