import { BarChart, CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { type Child, html, type Markup, trusted } from './markup.ts';

use([BarChart, CustomChart, LineChart, ScatterChart]);
use([GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, SVGRenderer]);

/** A chart with all that is needed to read it without seeing it. */
export interface Chart {
  /** Unique on the page. */
  id: string;
  /** Its title. */
  title: string;
  /** What it shows, with the figures: read out instead of the picture. */
  alt: string;
  /** How to read it, under the picture. */
  caption: Child;
  /** Its data: column names, then rows. */
  table: { head: string[]; rows: (string | number)[][] };
  /** Its height for a width, and the drawing. Colours are variables of the page's style, so that one picture serves light, dark and print. */
  height(width: number): number;
  option(width: number): EChartsCoreOption;
}

/** Letters must not shrink with the picture, so a phone gets a picture of its own. */
const WIDTHS = { wide: 880, narrow: 340 };

/** The chart as a figure: picture, caption, and the data behind a fold. */
export function chartFigure(chart: Chart): Markup {
  const { title, alt, caption, table } = chart;
  const pictures = Object.entries(WIDTHS).map(
    ([name, width]) => html`<div class="${name}">${trusted(draw(chart, width, `${chart.id}-${name}`))}</div>`,
  );
  return html`<figure>
<h4>${title}</h4>
<div role="img" aria-label="${alt}">${pictures}</div>
<figcaption>${caption}</figcaption>
<details><summary>Data of this chart<span class="hidden">: ${title}</span></summary>
<div class="scroll" tabindex="0" role="region" aria-label="${`Data: ${title}`}"><table>
<thead><tr>${table.head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${table.rows.map(dataRow)}</tbody>
</table></div></details>
</figure>`;
}

function dataRow([first = '', ...rest]: (string | number)[]): Markup {
  return html`<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>`;
}

/** An axis's looks, the same in every chart. */
export const AXIS = {
  // On a logarithmic scale 0 is just the place of the value 1: no reason to draw the other axis there.
  axisLine: { onZero: false, lineStyle: { color: 'var(--line)' } },
  axisTick: { show: false },
  axisLabel: { color: 'var(--quiet)', fontSize: 12, hideOverlap: true },
  nameTextStyle: { color: 'var(--quiet)', fontSize: 12 },
  splitLine: { show: true, lineStyle: { color: 'var(--grid)' } },
};

/** A legend's looks, the same in every chart. */
export const LEGEND = {
  top: 0,
  left: 0,
  itemWidth: 18,
  itemHeight: 10,
  itemGap: 44, // the server guesses how wide a text is; in a wide font it takes a fifth more
  textStyle: { color: 'var(--ink)', fontSize: 13 },
};

function draw(chart: Chart, width: number, id: string): string {
  const picture = init(null, null, { renderer: 'svg', ssr: true, width, height: chart.height(width) });
  try {
    picture.setOption({
      animation: false,
      textStyle: { fontFamily: 'system-ui, sans-serif' },
      ...chart.option(width),
    });
    // ECharts numbers its ids by process; by chart they are unique on the page, and the same in every run. Its styles
    // and classes are for what a mouse does, and nothing here moves.
    return picture
      .renderToSVGString()
      .replace(/zr\d+-/g, `${id}-`)
      .replace(/<style\b.*?<\/style>| (class|ecmeta_\w+)="[^"]*"/gs, '')
      .replace(/ xmlns(:\w+)?="[^"]*"/g, '')
      .replace('<svg ', '<svg aria-hidden="true" focusable="false" ');
  } finally {
    picture.dispose();
  }
}
