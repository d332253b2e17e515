/** The script of the sandbox's page: switches, clock, copying, filtering and refreshing. */
export const overviewScript = String.raw`
(() => {
  const REFRESH_MS = 3000;
  const filter = document.getElementById('filter');
  const toast = document.getElementById('toast');
  let toastTimer;

  function say(text) {
    toast.textContent = text;
    toast.hidden = false;
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => { toast.hidden = true; }, 1600);
  }

  async function put(path, body) {
    const response = await fetch(path, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.message);
    return answer;
  }

  function applyFilter() {
    const wanted = filter.value.trim().toUpperCase();
    const rows = [...document.querySelectorAll('[data-card]')];
    for (const row of rows) row.hidden = !row.dataset.card.includes(wanted);
    document.getElementById('none').hidden = rows.some((row) => !row.hidden);
  }

  async function refresh() {
    const response = await fetch(location.href);
    if (!response.ok) return;
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
    for (const part of document.querySelectorAll('[data-live]')) {
      const next = fresh.getElementById(part.id);
      const inUse = part.contains(document.activeElement) || part.querySelector('details[open]');
      if (next && !inUse && next.innerHTML !== part.innerHTML) part.innerHTML = next.innerHTML;
    }
    if (filter.value !== '') applyFilter();
  }

  function readFaults() {
    const faults = {};
    for (const input of document.querySelectorAll('[data-fault]')) {
      const value = input.type === 'number' ? Number(input.value) : input.value;
      const chosen = input.value === '' ? null : value;
      faults[input.dataset.fault] = input.type === 'checkbox' ? input.checked : chosen;
    }
    faults.gatewaySlowMs ??= 0;
    faults.wechatpaySlowMs ??= 0;
    faults.dakashiSlowMs ??= 0;
    faults.mxchipSlowMs ??= 0;
    return faults;
  }

  async function act(task, done) {
    try {
      await task();
      say(done);
      document.activeElement?.blur?.();
      await refresh();
    } catch (error) {
      say('没有成功：' + error.message);
    }
  }

  async function move(button) {
    const { now } = await (await fetch('/sandbox/clock')).json();
    const later = new Date(Date.parse(now) + Number(button.dataset.move)).toISOString();
    button.disabled = true;
    await act(() => put('/sandbox/clock', { now: later }), '时间已推进');
    button.disabled = false;
  }

  async function copy(button) {
    const text = button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
      say('已复制 ' + text);
    } catch {
      say('请手动选择复制：' + text);
    }
  }

  document.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (!button) return;
    if (button.dataset.copy) void copy(button);
    if (button.dataset.move) void move(button);
    if (button.dataset.revoke) {
      void act(() => put('/sandbox/faults', { ...readFaults(), revokeToken: true }), '令牌已作废');
    }
  });
  document.addEventListener('change', (event) => {
    if (event.target.dataset.fault) void act(() => put('/sandbox/faults', readFaults()), '已保存');
  });
  filter.addEventListener('input', applyFilter);
  applyFilter();
  setInterval(() => { if (!document.hidden) void refresh().catch(() => undefined); }, REFRESH_MS);
})();
`;
