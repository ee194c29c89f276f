// The vendor's SDK drives a gateway: `node drive.cjs URL` prints one JSON line of each step.
"use strict";

const sdk = require("@intacct/intacct-sdk");
const Endpoint = require("@intacct/intacct-sdk/dist/Credentials/Endpoint").default;

Endpoint.isDomainValid = () => true; // the simulated gateway is on this machine

const { GeneralLedger, Company, EmployeeExpense, AccountsReceivable, InventoryControl, Common } = sdk.Functions;
const { Query } = require("@intacct/intacct-sdk/dist/Functions/Common/NewQuery");
const { Filter } = require("@intacct/intacct-sdk/dist/Functions/Common/NewQuery/QueryFilter");
const { SelectBuilder } = require("@intacct/intacct-sdk/dist/Functions/Common/NewQuery/QuerySelect");

const say = (step, told) => process.stdout.write(`${JSON.stringify({ step, ...told })}\n`);

function request(uniqueId = false, transaction = false) {
  const config = new sdk.RequestConfig();
  config.uniqueId = uniqueId;
  config.transaction = transaction;
  config.maxRetries = 0;
  return config;
}

function entry(Entry, Line, journal, reference, amounts, controlId) {
  const made = Object.assign(new Entry(controlId), {
    journalSymbol: journal,
    postingDate: new Date("2026-11-25T12:00:00Z"),
    description: "By the SDK",
    referenceNumber: reference,
  });
  made.lines = amounts.map(([account, amount]) => {
    const line = new Line();
    const named = Entry === GeneralLedger.JournalEntryCreate ? "glAccountNumber" : "statAccountNumber";
    const valued = Entry === GeneralLedger.JournalEntryCreate ? "transactionAmount" : "amount";
    return Object.assign(line, { [named]: account, [valued]: amount, locationId: "L1", memo: "by the SDK" });
  });
  return made;
}

async function tried(step, action) {
  try {
    const response = await action();
    for (const result of response.results) {
      const { status, functionName, controlId, data, totalCount, numRemaining, resultId, errors } = result;
      say(step, { status, functionName, controlId, data, totalCount, numRemaining, resultId, errors });
    }
    return response;
  } catch (error) {
    say(step, { status: "thrown", message: error.message, errors: error.errors });
    return null;
  }
}

function configured(url) {
  const config = new sdk.ClientConfig();
  return Object.assign(config, {
    endpointUrl: url,
    senderId: "daybook-sender",
    senderPassword: "sender-pass-word",
    companyId: "HARBOR",
    userId: "daybook",
    userPassword: "user-pass-word",
  });
}

async function main(url) {
  const wrong = Object.assign(configured(url), { userPassword: "not-it" });
  await tried("wrong password", async () => {
    await sdk.SessionProvider.factory(wrong);
  });
  const wrongSender = Object.assign(configured(url), { senderPassword: "not-it" });
  await tried("wrong sender", async () => {
    await sdk.SessionProvider.factory(wrongSender);
  });
  const session = await sdk.SessionProvider.factory(configured(url));
  say("session", { company: session.companyId, user: session.userId, endpoint: session.endpointUrl });
  const client = new sdk.OnlineClient(session);

  const { JournalEntryCreate, JournalEntryLineCreate } = GeneralLedger;
  const { StatisticalJournalEntryCreate, StatisticalJournalEntryLineCreate } = GeneralLedger;
  const sales = () =>
    entry(JournalEntryCreate, JournalEntryLineCreate, "SJ", "js-1", [["1000", 120.55], ["4000", -120.55]], "je:js:1");
  await tried("entry", () => client.execute(sales(), request(true)));
  await tried("entry again", () => client.execute(sales(), request(true)));
  const open = [["1000", 5], ["4000", -4]];
  await tried("unbalanced", () =>
    client.execute(entry(JournalEntryCreate, JournalEntryLineCreate, "SJ", "js-2", open, "je:js:2"), request(true)));
  const guests = [["9000", 42], ["9010", -7.25]];
  await tried("statistical", () =>
    client.execute(
      entry(StatisticalJournalEntryCreate, StatisticalJournalEntryLineCreate, "STAT", "js-3", guests, "je:js:3"),
      request(true),
    ));

  const employee = Object.assign(new EmployeeExpense.EmployeeCreate(), { employeeId: "S1", contactName: "Employee S1" });
  await tried("employee without contact", () => client.execute(employee, request()));
  const contact = Object.assign(new Company.ContactCreate(), {
    contactName: "Employee S1",
    printAs: "Anna A.",
    firstName: "Anna",
  });
  await tried("both", () => client.executeBatch([contact, employee], request(false, true)));
  const department = Object.assign(new Company.DepartmentCreate(), { departmentId: "J1", departmentName: "Server" });
  await tried("department", () => client.execute(department, request()));
  const inactive = Object.assign(new Company.DepartmentUpdate(), { departmentId: "J1", active: false });
  await tried("department off", () => client.execute(inactive, request()));
  const customer = Object.assign(new AccountsReceivable.CustomerCreate(), { customerId: "C1", customerName: "House" });
  const item = Object.assign(new InventoryControl.ItemCreate(), {
    itemId: "I1",
    itemName: "Chowder",
    itemType: "Non-Inventory",
  });
  const account = Object.assign(new GeneralLedger.AccountCreate(), {
    accountNo: "4020",
    title: "Wine sales",
    accountType: "incomestatement",
    normalBalance: "credit",
    closingType: "closing account",
  });
  const location = Object.assign(new Company.LocationCreate(), { locationId: "L3", locationName: "Lighthouse" });
  await tried("masters", () => client.executeBatch([customer, item, account, location], request()));

  const filter = new Filter("REFERENCENO").equalTo("js-1");
  const selected = new SelectBuilder().addFields(["RECORDNO", "REFERENCENO", "BATCH_TITLE"]).selects;
  const query = Object.assign(new Query(), {
    fromObject: "GLBATCH",
    selectFields: selected,
    filter,
    pageSize: 10,
  });
  const asked = await tried("query", () => client.execute(query, request()));
  const byQuery = Object.assign(new Common.ReadByQuery(), {
    objectName: "LOCATION",
    fields: ["LOCATIONID", "NAME"],
    pageSize: 2,
  });
  const first = await tried("by query", () => client.execute(byQuery, request()));
  const more = Object.assign(new Common.ReadMore(), { resultId: first.getResult().resultId });
  await tried("more", () => client.execute(more, request()));
  const recordNo = asked.getResult().data[0].RECORDNO;
  const read = Object.assign(new Common.Read(), { objectName: "GLBATCH", keys: [recordNo] });
  await tried("read", () => client.execute(read, request()));
  const missing = Object.assign(new GeneralLedger.JournalEntryDelete(), { recordNo: 999999 });
  await tried("delete what is not there", () => client.execute(missing, request()));
  const deleted = Object.assign(new GeneralLedger.JournalEntryDelete(), { recordNo });
  await tried("delete", () => client.execute(deleted, request()));
}

main(process.argv[2]);
