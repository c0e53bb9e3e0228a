/** Entry: reads what the server wrote into the page, defines its elements and starts it. */

import { CodePanel } from "./code-panel.js";
import { ComparePanel } from "./compare-panel.js";
import { find } from "./dom.js";
import { GraphPanel } from "./graph-panel.js";
import { LevelView } from "./level-view.js";
import { OutputPanel } from "./output.js";
import { Page } from "./page.js";
import { Rail } from "./rail.js";
import { StatusBar } from "./status.js";
import { Tabs } from "./tabs.js";
import { TimePanel } from "./time-panel.js";
import { setWords } from "./words.js";

const boot = /** @type {import("./types").Boot} */ (JSON.parse(find("#boot").textContent ?? "{}"));
setWords(boot.strings);

customElements.define("pg-level", LevelView);
customElements.define("pg-rail", Rail);
customElements.define("pg-tabs", Tabs);
customElements.define("pg-output", OutputPanel);
customElements.define("pg-code", CodePanel);
customElements.define("pg-time", TimePanel);
customElements.define("pg-graph", GraphPanel);
customElements.define("pg-compare", ComparePanel);
customElements.define("pg-status", StatusBar);

new Page(boot, /** @type {HTMLElement} */ (find("#boot")).nonce ?? "");
