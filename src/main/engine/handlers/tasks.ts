import type { Handlers } from '#shared/api.ts';
import type { TaskService } from '../tasks/task-service.ts';

type TasksMethod = 'tasks/list' | 'tasks/cancel' | 'tasks/pause' | 'tasks/resume' | 'tasks/dismiss';

export function tasksHandlers(tasks: TaskService): Pick<Handlers, TasksMethod> {
  const asked = async (action: Promise<void>): Promise<null> => {
    await action;
    return null;
  };
  return {
    'tasks/list': async () => tasks.tasks,
    'tasks/cancel': ({ id }) => asked(tasks.cancel(id)),
    'tasks/pause': ({ id }) => asked(tasks.pause(id)),
    'tasks/resume': ({ id }) => asked(tasks.resume(id)),
    'tasks/dismiss': ({ id }) => asked(tasks.dismiss(id)),
  };
}
