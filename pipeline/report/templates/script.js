(() => {
  const cards = [...document.querySelectorAll("[data-find]")];
  const search = document.querySelector("input[type=search]");
  const buttons = [...document.querySelectorAll("button[data-level]")];
  const rule = document.querySelector("select[data-rule]");
  const shown = document.querySelector("[data-shown]");
  const visible = () => cards.filter((card) => !card.classList.contains("hidden"));
  let level = "";
  function apply() {
    const words = search ? search.value.toLowerCase().split(/\s+/).filter(Boolean) : [];
    for (const card of cards) {
      const fits = (!level || card.dataset.severity === level) && (!rule || !rule.value || card.dataset.rule === rule.value)
        && words.every((word) => card.dataset.find.includes(word));
      card.classList.toggle("hidden", !fits);
    }
    document.querySelectorAll("[data-group]").forEach((group) => group.classList.toggle("hidden", !group.querySelector("[data-find]:not(.hidden)")));
    if (shown) shown.textContent = visible().length + " / " + cards.length;
  }
  buttons.forEach((button) => button.addEventListener("click", () => {
    level = button.dataset.level;
    buttons.forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
    apply();
  }));
  if (search) search.addEventListener("input", apply);
  if (rule) rule.addEventListener("change", apply);
  document.querySelectorAll("button[data-only]").forEach((button) => button.addEventListener("click", () => {
    rule.value = rule.value === button.dataset.only ? "" : button.dataset.only;
    apply();
    document.querySelector(".tools").scrollIntoView();
  }));
  document.querySelectorAll("figure[tabindex]").forEach((figure) => {
    const toggle = () => figure.classList.toggle("natural");
    figure.addEventListener("click", toggle);
    figure.addEventListener("keydown", (event) => { if (event.key === "Enter") toggle(); });
  });
  const unfold = () => document.querySelector(`article${CSS.escape ? "#" + CSS.escape(location.hash.slice(1)) : location.hash} > details`)?.setAttribute("open", "");
  if (location.hash.length > 1) unfold();
  addEventListener("hashchange", unfold);
  document.querySelectorAll("button[data-copy]").forEach((button) => button.addEventListener("click", async () => {
    const label = button.textContent;
    const text = button.closest("article").querySelector(".say").textContent.trim();
    try { await navigator.clipboard.writeText(text); } catch {
      const area = document.createElement("textarea");
      area.value = text; document.body.append(area); area.select(); document.execCommand("copy"); area.remove();
    }
    button.textContent = button.dataset.copy;
    setTimeout(() => { button.textContent = label; }, 1200);
  }));
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input, select, textarea")) return;
    if (event.key === "/" && search) { event.preventDefault(); search.focus(); }
    if (event.key === "n" || event.key === "p") {
      const list = visible();
      const here = list.findIndex((card) => card.getBoundingClientRect().top > 70);
      const next = event.key === "n" ? list[here < 0 ? list.length - 1 : here + (list[here].getBoundingClientRect().top < 90 ? 1 : 0)] : list[Math.max(0, (here < 0 ? list.length : here) - 1)];
      if (next) next.scrollIntoView();
    }
  });
  window.addEventListener("beforeprint", () => document.querySelectorAll("details.tree").forEach((fold) => { fold.open = true; }));
  apply();
})();
