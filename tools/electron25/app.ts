import './polyfills.ts';
import '../../src/main/app/app.ts';
