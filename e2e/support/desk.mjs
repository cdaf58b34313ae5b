// What officers and citizens do again and again at their desks.
import assert from "node:assert/strict";

/** Someone of the start page who is rated and is not Mr Luo, whose story is another. */
export async function rated(city) {
  const { persons } = await city.guide();
  for (const person of persons.filter((one) => !one.name.startsWith("罗"))) {
    if ((await points(city, person)) !== undefined) return person;
  }
  throw new assert.AssertionError({ message: "nobody but Mr Luo is rated on the start page" });
}

/** The sum under a person's reasons, or nothing if the person is not rated. */
export async function points(city, person) {
  const someone = await city.person(person.name);
  await someone.page.goto("/my");
  const sum = someone.page.locator(".why .sum .pts");
  const text = (await sum.count()) > 0 ? await sum.first().innerText() : undefined;
  await someone.leave();
  return text === undefined ? undefined : Number(text.replace("−", "-").replace(/[^\d-]/g, ""));
}

/** Chooses the file, and waits until the preview is there or the file is refused. */
export async function upload(officer, file) {
  await officer.page.goto("/department/upload");
  await officer.page.setInputFiles("#file", file);
  await officer.submit('form[action="/department/upload"] button');
  await officer.page.locator("main progress").waitFor({ state: "detached", timeout: 30_000 });
}

/** Upload, preview, commit; gives back the submission's number. */
export async function handIn(officer, file) {
  await upload(officer, file);
  return commit(officer);
}

/** Hands in what the preview shows; gives back the submission's number. */
export async function commit(officer) {
  await officer.submit('form[action^="/department/upload/"] button');
  await officer.page.waitForURL(/\/department\/submissions\/\d+/, { timeout: 30_000 });
  return /\/submissions\/(\d+)/.exec(officer.page.url())[1];
}

/** The second officer of the market regulator confirms a hand-in. */
export async function confirm(city, submission) {
  const lin = await city.staff("lin");
  await lin.page.goto(`/department/confirm/${submission}`);
  await lin.page.check("#read");
  await lin.submit(`form[action="/department/confirm/${submission}"] button`);
  await lin.leave();
}

/** A hand-in of the market regulator is taken back: one officer says why, the second confirms it. */
export async function takeBack(city, submission) {
  const chen = await city.staff("chen");
  await chen.page.goto(`/department/submissions/${submission}/undo`);
  await chen.page.fill("#why", "处罚的是同名的另一个人");
  await chen.submit('form[action$="/undo"] button');
  await chen.leave();
  const lin = await city.staff("lin");
  await lin.page.goto(`/department/submissions/${submission}/undo`);
  await lin.page.check("#read");
  await lin.submit('form[action$="/undo/confirm"] button');
  await lin.leave();
}
