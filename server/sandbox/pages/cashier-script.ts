/** The script of the payment sheet; at the end it posts one message to the page around it. */
export const cashierScript = String.raw`
(() => {
  const data = JSON.parse(document.getElementById('sheet-data').textContent);
  const byId = (id) => document.getElementById(id);
  const titles = { pay: '微信支付', password: '请输入支付密码' };
  const cells = [...document.querySelectorAll('.cell')];
  const hint = byId('hint');
  let view = 'pay';
  let typed = 0;
  let outcome = data.failure ? 'requestPayment:fail ' + data.failure : 'requestPayment:fail cancel';
  let busy = false;

  function show(name) {
    view = name;
    byId('sheet').hidden = !(name in titles);
    for (const id of ['pay', 'password', 'done', 'alert']) byId(id).hidden = id !== name;
    byId('title').textContent = titles[name] ?? '';
    byId(name in titles ? 'sheet' : name).focus({ preventScroll: true });
  }

  function end() {
    window.parent.postMessage({ source: 'liuka-cashier', errMsg: outcome }, '*');
  }

  async function submit(action) {
    const response = await fetch('/sandbox/wechat/cashier', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ ...data.parameters, action }),
    });
    if (!response.ok) throw new Error(String(response.status));
    return (await response.json()).errMsg;
  }

  function fail(errMsg) {
    outcome = errMsg;
    byId('reason').textContent = errMsg.replace('requestPayment:fail ', '');
    show('alert');
  }

  async function pay() {
    busy = true;
    hint.textContent = '支付中…';
    try {
      const errMsg = await submit('pay');
      if (errMsg !== 'requestPayment:ok') return fail(errMsg);
      outcome = errMsg;
      show('done');
    } catch {
      fail('requestPayment:fail 网络连接失败，请稍后查询支付结果');
    }
  }

  async function cancel() {
    if (busy) return;
    busy = true;
    if (!data.failure) await submit('cancel').catch(() => undefined);
    end();
  }

  function draw() {
    cells.forEach((cell, position) => cell.classList.toggle('on', position < typed));
    byId('cells').setAttribute('aria-label', '已输入 ' + typed + ' 位，共 6 位');
  }

  function press(key) {
    if (busy || view !== 'password') return;
    typed = key === 'delete' ? Math.max(0, typed - 1) : Math.min(6, typed + 1);
    draw();
    if (typed === 6) void pay();
  }

  document.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (!button) return;
    if (button.dataset.key) press(button.dataset.key);
    if (button.dataset.action === 'pay') show('password');
    if (button.dataset.action === 'cancel') void cancel();
    if (button.dataset.action === 'end') end();
  });
  document.addEventListener('keydown', (event) => {
    if (/^[0-9]$/.test(event.key)) press(event.key);
    if (event.key === 'Backspace') press('delete');
    if (event.key === 'Escape' && view in titles) void cancel();
  });
  show(data.failure ? 'alert' : 'pay');
})();
`;
