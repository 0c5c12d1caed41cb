/** An exception of the emulated server, by its Python name. It undoes the transaction of its call. */
export class PythonError extends Error {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

export function userError(message: string): PythonError {
  return new PythonError('odoo.exceptions.UserError', message);
}

export function validationError(message: string): PythonError {
  return new PythonError('odoo.exceptions.ValidationError', message);
}

export function missingError(model: string, id: number): PythonError {
  return new PythonError('odoo.exceptions.MissingError', `Record does not exist or has been deleted.\n(Record: ${model}(${id},), User: 2)`);
}

export function accessError(message: string): PythonError {
  return new PythonError('odoo.exceptions.AccessError', message);
}

export function valueError(message: string): PythonError {
  return new PythonError('builtins.ValueError', message);
}

export function typeError(message: string): PythonError {
  return new PythonError('builtins.TypeError', message);
}
