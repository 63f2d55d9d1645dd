import assert from 'node:assert/strict'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { originOf, projectRoot, readConfig, StartupProblem } from './config.ts'

const refusal = (environment: Record<string, string>): StartupProblem => {
  try {
    readConfig(environment)
  } catch (error) {
    assert.ok(error instanceof StartupProblem)
    return error
  }
  return assert.fail('the environment was taken')
}

test('an empty environment gives the demonstration on 127.0.0.1:8080 with its data in the project', () => {
  assert.deepEqual(readConfig({}), {
    port: 8080,
    host: '127.0.0.1',
    databaseUrl: undefined,
    mode: 'demonstration',
    varDir: join(projectRoot, 'var'),
    origin: 'http://127.0.0.1:8080',
    logLevel: 'warn',
  })
})

test('every variable is read, and an empty one counts as absent', () => {
  const config = readConfig({
    PORT: '9000',
    HOST: '::',
    DATABASE_URL: 'postgresql:///muster?host=/run/postgresql',
    MUSTER_MODE: 'operation',
    MUSTER_VAR: 'data',
    MUSTER_ORIGIN: 'https://Muster.example.org/',
    MUSTER_LOG: '',
  })
  assert.deepEqual(config, {
    port: 9000,
    host: '::',
    databaseUrl: 'postgresql:///muster?host=/run/postgresql',
    mode: 'operation',
    varDir: resolve('data'),
    origin: 'https://muster.example.org',
    logLevel: 'warn',
  })
})

test('the configuration cannot be changed afterwards', () => {
  assert.ok(Object.isFrozen(readConfig({})))
})

test('a bad value is refused by the name of its variable and by what it may be', () => {
  const bad = [
    ['PORT', '65536'],
    ['PORT', '80a'],
    ['PORT', ' '],
    ['PORT', '-1'],
    ['HOST', 'a b'],
    ['DATABASE_URL', 'mysql://localhost/muster'],
    ['MUSTER_MODE', 'production'],
    ['MUSTER_ORIGIN', 'https://example.org/muster'],
    ['MUSTER_ORIGIN', 'example.org'],
    ['MUSTER_LOG', 'loud'],
  ] as const
  for (const [name, value] of bad) {
    const problem = refusal({ [name]: value })
    assert.equal(problem.code, 'config.invalid')
    assert.match(problem.message, new RegExp(`\\b${name} must be `))
    assert.match(problem.mend, new RegExp(`export ${name}=`))
  }
})

test('the password in a refused DATABASE_URL is not repeated', () => {
  const problem = refusal({ DATABASE_URL: 'http://muster:secret-word@db/muster' })
  assert.ok(!`${problem.message}${problem.mend}${problem.stack}`.includes('secret-word'))
})

test('a wildcard host is reached as localhost, and an IPv6 address stands in brackets', () => {
  assert.equal(originOf('0.0.0.0', 8080), 'http://localhost:8080')
  assert.equal(originOf('::', 8080), 'http://localhost:8080')
  assert.equal(originOf('::1', 8080), 'http://[::1]:8080')
  assert.equal(originOf('10.0.0.5', 80), 'http://10.0.0.5')
})
