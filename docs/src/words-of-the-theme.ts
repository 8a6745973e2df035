import type { DefaultTheme } from 'vitepress';
import type { Locale } from './pages.ts';

/** What the theme itself says, where its own English does not do. */
export const interfaceWords: Record<Locale, DefaultTheme.Config> = {
  en: {
    outline: { level: [2, 3] },
    notFound: {
      title: 'Page not found',
      quote: 'Its address may have changed.',
      linkText: 'To the front page',
      linkLabel: 'To the front page',
    },
  },
  ko: {
    outline: { level: [2, 3], label: '이 페이지에서' },
    docFooter: { prev: '이전', next: '다음' },
    darkModeSwitchLabel: '화면 모드',
    lightModeSwitchTitle: '밝은 화면으로',
    darkModeSwitchTitle: '어두운 화면으로',
    sidebarMenuLabel: '메뉴',
    returnToTopLabel: '맨 위로',
    langMenuLabel: '언어',
    skipToContentLabel: '본문으로 건너뛰기',
    notFound: {
      title: '페이지를 찾을 수 없습니다',
      quote: '주소가 바뀌었을 수 있습니다.',
      linkText: '처음으로',
      linkLabel: '처음으로',
    },
  },
};

/** What the search says in the other language. */
export const searchWords: Record<'ko', DefaultTheme.LocalSearchOptions> = {
  ko: {
    translations: {
      button: { buttonText: '검색', buttonAriaLabel: '검색' },
      modal: {
        noResultsText: '결과가 없습니다:',
        resetButtonTitle: '검색어 지우기',
        backButtonTitle: '검색 닫기',
        displayDetails: '자세히 보기',
        footer: { selectText: '선택', navigateText: '이동', closeText: '닫기' },
      },
    },
  },
};
