import container from 'markdown-it-container';
import type { MarkdownRenderer } from 'vitepress';
import { escapeHtml } from '../escape-html.ts';
import { anchored, anchorIn } from '../step-diff/anchors.ts';
import type { FileDiff, StepDiff } from '../step-diff/step-diff.ts';
import { hunksHtml } from './hunk-html.ts';
import { stepWords } from './step-words.ts';
import type { Steps } from './steps.ts';

const PAGE = /\/docs\/(ko\/)?steps\/(\d+)\.md$/;

type State = Parameters<Parameters<MarkdownRenderer['core']['ruler']['push']>[1]>[0];
type Token = State['tokens'][number];

/**
 * Teaches Markdown the containers of a step's page, see docs/README.md: what is in one stands beside the hunk that it names, and what
 * no text explains is listed at the end.
 */
export function stepMarkdown(md: MarkdownRenderer, steps: Steps): void {
  md.use(container, 'hunk', {
    render: (tokens: Token[], i: number) => (tokens[i] as Token).content,
  });
  md.core.ruler.after('block', 'step-hunks', (state) => {
    const [, korean, number] = PAGE.exec(String(state.env.path)) ?? [];
    const diff = steps.diffs.get(Number(number));
    if (diff) new StepPage(state, steps, diff, korean ? 'ko' : 'en').build();
  });
}

/** The tokens of one step's page, on their way to becoming it. */
class StepPage {
  readonly #state: State;
  readonly #steps: Steps;
  readonly #diff: StepDiff;
  readonly #locale: 'en' | 'ko';
  readonly #explained = new Set<unknown>();

  constructor(state: State, steps: Steps, diff: StepDiff, locale: 'en' | 'ko') {
    [this.#state, this.#steps, this.#diff, this.#locale] = [state, steps, diff, locale];
  }

  build(): void {
    const { tokens } = this.#state;
    let count = 0;
    let code = '';
    for (const token of tokens) {
      if (token.type === 'container_hunk_open') {
        code = this.#code(token);
        token.content = `<section class="step-hunk" id="hunk-${++count}"><div class="hunk-text">\n`;
      } else if (token.type === 'container_hunk_close') token.content = `</div>${code}</section>\n`;
    }
    const afterTitle = tokens.findIndex(({ type }) => type === 'heading_close') + 1;
    tokens.splice(afterTitle, 0, this.#html(this.#head()));
    tokens.push(this.#html(this.#rest()));
  }

  /** The code that stands beside the text of a container. */
  #code({ info, map }: Token): string {
    const anchor = anchorIn(`:::${info}`) ?? '';
    try {
      const { file, hunks } = anchored(this.#diff, anchor);
      for (const hunk of hunks) this.#explained.add(hunk);
      return hunksHtml({ file, hunks, html: this.#steps.htmlOf(this.#diff, file), words: stepWords[this.#locale] });
    } catch (error) {
      throw new Error(`${this.#state.env.path}, near line ${(map?.[0] ?? 0) + 1}: ${(error as Error).message}`);
    }
  }

  #head(): string {
    const { step, dependencies } = this.#diff;
    const { newDependencies } = stepWords[this.#locale];
    const names = dependencies.map((name) => `<code>${name}</code>`).join(', ');
    const needs = dependencies.length > 0 ? `<p>${newDependencies} ${names}</p>` : '';
    return `<StepBar :step="${step.number}" :last="${this.#steps.diffs.size}" />${needs}\n`;
  }

  #rest(): string {
    const left = this.#diff.files.filter(({ hunks }) => hunks.some((hunk) => !this.#explained.has(hunk)));
    if (left.length === 0) return '';
    const { rest, restHint } = stepWords[this.#locale];
    return `<h2 id="rest">${rest}</h2><p>${restHint}</p>${left.map((file) => this.#listed(file)).join('')}\n`;
  }

  #listed({ path, isChanged, added, removed }: FileDiff): string {
    const { lines, isNew } = stepWords[this.#locale];
    const note = isChanged ? `+${added} −${removed}` : `${isNew}, ${lines(added)}`;
    return `<StepFile :step="${this.#diff.step.number}" path="${escapeHtml(path)}" note="${note}" />`;
  }

  #html(content: string): Token {
    const token = new this.#state.Token('html_block', '', 0);
    token.content = content;
    return token;
  }
}
