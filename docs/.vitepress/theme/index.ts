import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme-without-fonts';
import StageFrame from './StageFrame.vue';
import StepBar from './StepBar.vue';
import StepFile from './StepFile.vue';
import TornPairs from './TornPairs.vue';
import './style.css';
import './step.css';
import '@day90/bench/ladder.css';
import '@day90/bench/ladder-dark.css';
import '../../src/pictures/picture.css';
import '../../src/pictures/picture-dark.css';

export default {
  extends: DefaultTheme,
  Layout: StageFrame,
  enhanceApp({ app }) {
    app.component('StepBar', StepBar).component('StepFile', StepFile).component('TornPairs', TornPairs);
  },
} satisfies Theme;
