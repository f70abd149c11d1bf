// Runs modules that come as JSON, one a line, and answers what can be seen from outside, one JSON array a line, in the
// words of dev.troupe.engine.fuzz.Lines. {"validate": BASE64} only asks whether a module is valid.
import { createInterface } from 'node:readline';
import { crc32 } from 'node:zlib';

const view = new DataView(new ArrayBuffer(8));
const MASK = (1n << 64n) - 1n;

function f32(bits) { view.setUint32(0, bits >>> 0); return view.getFloat32(0); }
function f64(bits) { view.setBigUint64(0, bits & MASK); return view.getFloat64(0); }
function f32bits(x) { if (x !== x) return 0x7FC00000; view.setFloat32(0, x); return view.getInt32(0); }
function f64bits(x) { if (x !== x) return 0x7FF8000000000000n; view.setFloat64(0, x); return view.getBigUint64(0); }

function argument(type, text) {
  switch (type) {
    case 'i': return Number(text);
    case 'l': return BigInt(text);
    case 'f': return f32(Number(text));
    case 'd': return f64(BigInt(text));
    default: return null;
  }
}

function value(type, x) {
  switch (type) {
    case 'i': return String(x | 0);
    case 'l': return String(BigInt.asIntN(64, x));
    case 'f': return x !== x ? 'nan' : (f32bits(x) >>> 0).toString(16);
    case 'd': return x !== x ? 'nan' : f64bits(x).toString(16);
    default: return x === null ? 'null' : 'ref';
  }
}

// As dev.troupe.engine.differential.HostBodies.
function hostFunction(params, results) {
  return (...args) => {
    let hash = 0x9E3779B97F4A7C15n;
    for (let i = 0; i < params.length; i++) {
      const type = params[i];
      const bits = type === 'r' ? (args[i] === null ? 0n : 1n) : type === 'f' ? BigInt(f32bits(args[i])) : type === 'd' ? f64bits(args[i]) : BigInt(args[i]);
      hash = ((hash ^ (bits & MASK)) * 0xBF58476D1CE4E5B9n) & MASK;
      hash ^= hash >> 29n;
    }
    const values = [];
    for (let i = 0; i < results.length; i++) {
      hash = (hash * 0x94D049BB133111EBn + BigInt(i)) & MASK;
      const mixed = BigInt.asIntN(64, hash ^ (hash >> 31n));
      switch (results[i]) {
        case 'i': values.push(Number(BigInt.asIntN(32, mixed))); break;
        case 'l': values.push(mixed); break;
        case 'f': values.push(Number(BigInt.asIntN(32, mixed)) >> 8); break;
        default: values.push(Number(mixed >> 12n));
      }
    }
    return results.length === 0 ? undefined : results.length === 1 ? values[0] : values;
  };
}

function trap(error) {
  const message = String(error && error.message);
  if (error instanceof RangeError) return /call stack/.test(message) ? 'trap stack' : 'trap ' + message;
  if (error instanceof WebAssembly.Exception) return 'exception';
  if (!(error instanceof WebAssembly.RuntimeError)) return 'error ' + error;
  if (/memory access out of bounds|data segment.*out of bounds/.test(message)) return 'trap memory';
  if (/table (index|access).*out of bounds|element segment.*out of bounds/.test(message)) return 'trap table';
  if (/null function|signature mismatch/.test(message)) return 'trap callee';
  if (/by zero/.test(message)) return 'trap zero';
  if (/unrepresentable/.test(message)) return 'trap range';
  if (/unreachable/.test(message)) return 'trap unreachable';
  if (/null pointer/.test(message)) return 'trap null';
  if (/illegal cast/.test(message)) return 'trap cast';
  if (/array element access out of bounds/.test(message)) return 'trap array';
  if (/unaligned/.test(message)) return 'trap memory';
  return 'trap ' + message;
}

function state(request, instance) {
  let out = '';
  for (const { kind, name, type } of request.exports) {
    const object = instance.exports[name];
    if (kind === 'm') {
      const bytes = new Uint8Array(object.buffer);
      out += ` ${name}=${bytes.length}:${crc32(bytes)}`;
    } else if (kind === 'g') {
      out += ` ${name}=${value(type, object.value)}`;
    } else {
      const size = Number(object.length);
      const big = typeof object.length === 'bigint';
      let nulls = '';
      for (let i = 0; i < size; i++) nulls += object.get(big ? BigInt(i) : i) === null ? '.' : 'x';
      out += ` ${name}=${nulls}`;
    }
  }
  return out;
}

function run(request) {
  const imports = {};
  const names = { i: 'i32', l: 'i64', f: 'f32', d: 'f64', r: 'externref' };
  for (const { module, name, kind, params, results } of request.imports) {
    const imported = imports[module] ??= {};
    if (kind === 'TAG') imported[name] = new WebAssembly.Tag({ parameters: [...params].map(x => names[x]) });
    else if (kind === 'GLOBAL') imported[name] = new WebAssembly.Global({ value: 'externref' }, null);
    else imported[name] = hostFunction(params, results);
  }
  let instance;
  try {
    instance = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(request.wasm, 'base64')), imports);
  } catch (error) {
    return [error instanceof WebAssembly.RuntimeError ? trap(error) : 'refused ' + error];
  }
  const lines = ['instance'];
  for (const { name, params, results, args } of request.calls) {
    let line;
    if (request.refuel) instance.exports.refuel();
    try {
      const result = instance.exports[name](...args.map((text, i) => argument(params[i], text)));
      const values = results.length === 0 ? [] : results.length === 1 ? [result] : [...result];
      line = '=' + values.map((x, i) => ' ' + value(results[i], x)).join('');
    } catch (error) {
      line = trap(error);
    }
    lines.push(line);
  }
  lines.push('state' + state(request, instance));
  return lines;
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const request = JSON.parse(line);
  let answer;
  if (request.validate !== undefined) {
    try {
      new WebAssembly.Module(Buffer.from(request.validate, 'base64'));
      answer = ['valid'];
    } catch (error) {
      answer = ['invalid', String(error.message)];
    }
  } else {
    answer = run(request);
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
