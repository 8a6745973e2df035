import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme-without-fonts';
import StageFrame from './StageFrame.vue';
import './style.css';

export default { extends: DefaultTheme, Layout: StageFrame } satisfies Theme;
