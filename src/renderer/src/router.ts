import { createRouter, createWebHashHistory, type Router } from 'vue-router';
import ActivityView from './views/ActivityView.vue';
import FoldersView from './views/FoldersView.vue';
import ModelsView from './views/ModelsView.vue';
import PhotosView from './views/PhotosView.vue';
import PhotoView from './views/PhotoView.vue';
import ReviewView from './views/ReviewView.vue';
import SearchView from './views/SearchView.vue';
import TrainingView from './views/TrainingView.vue';
import WelcomeView from './views/WelcomeView.vue';

/** Every place in the app has an address, so that back and forward work. */
export function createAppRouter(): Router {
  return createRouter({
    history: createWebHashHistory(),
    routes: [
      { path: '/', name: 'photos', component: PhotosView },
      { path: '/search', name: 'search', component: SearchView },
      { path: '/check', name: 'review', component: ReviewView },
      { path: '/photo/:id', name: 'photo', component: PhotoView },
      { path: '/folders', name: 'folders', component: FoldersView },
      { path: '/activity', name: 'activity', component: ActivityView },
      { path: '/models', name: 'models', component: ModelsView },
      { path: '/training', name: 'training', component: TrainingView },
      { path: '/welcome', name: 'welcome', component: WelcomeView },
      { path: '/:rest(.*)*', redirect: '/' },
    ],
  });
}
