import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { z } from 'zod';
import App from './App.vue';
import { findDoorway } from './connection/doorway.ts';
import { createReconnectingClient } from './connection/reconnecting-client.ts';
import { provideServices } from './connection/services.ts';
import { createAppRouter } from './router.ts';
import './styles/tokens.css';
import './styles/base.css';

// The content security policy forbids compiling schemas with `new Function`.
z.config({ jitless: true });

const doorway = findDoorway();
const app = createApp(App);
provideServices(app, { doorway, api: createReconnectingClient(() => doorway.open()) });
app.use(createPinia());
app.use(createAppRouter());
app.mount('#app');
