/** Where one of these is set, ONNX Runtime posts nothing: a test that watches it clears them. */
export const outsideCi: NodeJS.ProcessEnv = {
  CI: undefined,
  CODEBUILD_BUILD_ID: undefined,
  GITHUB_ACTIONS: undefined,
  JENKINS_URL: undefined,
  TF_BUILD: undefined,
  TRAVIS: undefined,
};
