using System.Collections.Immutable;
using System.Net;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Metering;
using OrleansBackup.Domain.Notices;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.GrainInterfaces.Contracts;

namespace OrleansBackup.ClientApi.Tests.Billing;

public sealed class BillingEndpointsTests : ApiHost
{
    private const string Number = "2026-00001";

    private static readonly BillingParty Party = new("Fabrikam", "Kade 1", "Utrecht", "3511 AA", "NL", "12345678", "NL123456789B01", "NL91ABNA0417164300", null);

    private static readonly Invoice Invoice = Invoice.Of(Number, Sample.Tenant, new(2026, 4), new(2026, 4, 1), 30, Party, new(Party, "PO 7", null, null),
        [new(0, LineKind.Users, new("Gebruikers", "Users"), new(2026, 3, 1), new(2026, 3, 31), 12, QuantityUnit.UserMonths, Money.Exactly(3.5m), 1, Money.Exactly(42m), VatCode.Standard, new("accensys/1", "accensys/1", 12, new(2026, 3, 17), false, null))], null);

    private static readonly string Json = InvoiceFile.Write(Invoice);

    private static readonly BookedInvoice Booked = new(Number, Sample.Tenant, new(2026, 4), new(2026, 4, 1), new(2026, 5, 1), Invoice.Owed, InvoiceFile.HashOf(Json), null, [7, 14]);

    private readonly IBillingAccountGrain _account = Substitute.For<IBillingAccountGrain>();
    private readonly IInvoiceBookGrain _book = Substitute.For<IInvoiceBookGrain>();
    private readonly IPriceBookGrain _prices = Substitute.For<IPriceBookGrain>();
    private readonly IWorkOrderBookGrain _work = Substitute.For<IWorkOrderBookGrain>();
    private readonly IBillingGrain _month = Substitute.For<IBillingGrain>();

    public BillingEndpointsTests()
    {
        Service.Grains.GetGrain<IBillingAccountGrain>(GrainKeys.Of(Sample.Tenant)).Returns(_account);
        Service.Grains.GetGrain<IWorkOrderBookGrain>(GrainKeys.Of(Sample.Tenant)).Returns(_work);
        Service.Grains.GetGrain<IInvoiceBookGrain>(GrainKeys.Provider).Returns(_book);
        Service.Grains.GetGrain<IPriceBookGrain>(GrainKeys.Provider).Returns(_prices);
        Service.Grains.GetGrain<IBillingGrain>(GrainKeys.Of(Sample.Tenant, new CalendarMonth(2026, 3))).Returns(_month);
        Service.Grains.GetGrain<IContractGrain>(GrainKeys.Of(Sample.Tenant)).Returns(Substitute.For<IContractGrain>());
        _account.GetDocument(Number, Any).Returns(new IssuedDocument(Number, Json, Booked.Sha256));
        _book.List(Sample.Tenant, Any).Returns([Booked]);
        _book.ListPayments(Sample.Tenant, Any).Returns([new Payment("bank-1", Number, new(2026, 4, 20), Money.Exactly(50m), "the bookkeeper")]);
    }

    private static CancellationToken Any => Arg.Any<CancellationToken>();

    [Theory]
    [InlineData("0001-01-01")]
    [InlineData("1999-12-31")]
    [InlineData("2026-02-30")]
    [InlineData("today")]
    public async Task Figures_are_of_days_from_which_months_can_be_counted_back(string day)
    {
        await RefusedAsync(HttpMethod.Get, $"{Sample.TenantPath}/liability?asOf={day}", null, System.Net.HttpStatusCode.BadRequest, "invalid-request", "asOf");
        await RefusedAsync(HttpMethod.Get, $"/api/v1/invoices/overdue?asOf={day}", null, System.Net.HttpStatusCode.BadRequest, "invalid-request", "asOf");
        await _account.DidNotReceiveWithAnyArgs().GetLiability(default, default, default);
    }

    [Fact]
    public async Task The_usage_of_a_month_has_every_day_with_its_names()
    {
        _month.GetUsage(Any).Returns(MonthUsage.Empty(new(2026, 3)).With(new(2026, 3, 17), [new("a", "Robin", "robin@fabrikam.example", true, false, true, "user"), new("g", "Guest", "", true, true, false, "")]));

        var usage = await GetAsync($"{Sample.TenantPath}/usage?month=2026-03");

        Assert.Equal(("2026-03", "1", "2026-03-17"), (usage.Text("month"), usage.At("maximum").GetRawText(), usage.Text("maximumOn")));
        Assert.Equal(31, usage.At("days").GetArrayLength());
        Assert.Equal("""[{"id":"a","name":"Robin","address":"robin@fabrikam.example","counts":true,"reason":"counts"},{"id":"g","name":"Guest","address":"","counts":false,"reason":"guest"}]""",
            usage.At("days")[16].At("accounts").GetRawText());
        await RefusedAsync(HttpMethod.Get, $"{Sample.TenantPath}/usage?month=march", null, HttpStatusCode.BadRequest, "invalid-request", "month");
    }

    [Fact]
    public async Task Documents_are_listed_with_what_is_open_and_read_in_every_form()
    {
        _account.GetStanding(Any).Returns(new BillingStanding(new(2026, 4), [], [], ["2026-03-01 to 2026-03-31: held"], [], null));
        var listed = (await GetAsync($"{Sample.TenantPath}/invoices")).First("invoices");
        Assert.Equal(("50.82", "0.82"), (listed.At("owed").GetRawText(), listed.At("open").GetRawText()));

        Assert.Equal(Json, await TextAsync($"{Sample.TenantPath}/invoices/{Number}", "application/json"));
        Assert.Contains("nlcius", await TextAsync($"{Sample.TenantPath}/invoices/{Number}.ubl.xml?profile=nlcius", "application/xml"), StringComparison.Ordinal);
        Assert.Contains("To be paid", await TextAsync($"{Sample.TenantPath}/invoices/{Number}.html?language=en", "text/html"), StringComparison.Ordinal);
        Assert.Contains("Gebruikers", await TextAsync($"{Sample.TenantPath}/invoices/{Number}.csv", "text/csv"), StringComparison.Ordinal);
        await RefusedAsync(HttpMethod.Get, $"{Sample.TenantPath}/invoices/{Number}.html?language=fr", null, HttpStatusCode.BadRequest, "invalid-request", "language");
        await RefusedAsync(HttpMethod.Get, $"{Sample.TenantPath}/invoices/{Number}.ubl.xml?profile=x", null, HttpStatusCode.BadRequest, "invalid-request", "profile");
        _account.GetDocument("2026-00002", Any).ThrowsAsync(new NotFoundException("There is none."));
        await RefusedAsync(HttpMethod.Get, $"{Sample.TenantPath}/invoices/2026-00002", null, HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_credit_note_needs_a_reason_and_says_who_made_it()
    {
        _account.Credit(Number, Arg.Any<ImmutableArray<CreditPart>>(), "one too many", Arg.Is<string>(by => by.Length > 0), Any).Returns(new IssuedDocument("2026-00002", "{}", "44"));
        var made = await SendAsync(HttpMethod.Post, $"{Sample.TenantPath}/invoices/{Number}/credit-notes", """{"lines":[{"line":1,"quantity":1}],"reason":"one too many"}""", HttpStatusCode.Created);
        Assert.Equal("2026-00002", made.Text("number"));
        await RefusedAsync(HttpMethod.Post, $"{Sample.TenantPath}/invoices/{Number}/credit-notes", """{"lines":[]}""", HttpStatusCode.BadRequest, "invalid-request", "reason");
    }

    [Fact]
    public async Task What_is_overdue_is_listed_over_all_customers_and_payments_are_booked()
    {
        _book.ListOverdue(new(2026, 5, 9), null, Any).Returns([new OverdueInvoice(Booked, Money.Exactly(0.82m), 8, 1)]);
        var late = (await GetAsync("/api/v1/invoices/overdue?asOf=2026-05-09")).First("invoices");
        Assert.Equal(("8", "1"), (late.At("daysLate").GetRawText(), late.At("reminder").GetRawText()));

        await SendAsync(HttpMethod.Post, $"{Sample.TenantPath}/payments", """{"id":"bank-2","invoice":"2026-00001","on":"2026-05-10","amount":0.82}""", HttpStatusCode.OK);
        await _book.Received().Pay(Sample.Tenant, Arg.Is<Payment>(payment => payment.Amount == Money.Exactly(0.82m) && payment.On == new DateOnly(2026, 5, 10)), Any);
        await RefusedAsync(HttpMethod.Post, $"{Sample.TenantPath}/payments", """{"id":"bank-2","invoice":"2026-00001","on":"2026-05-10"}""", HttpStatusCode.BadRequest, "invalid-request", "amount");
    }

    [Fact]
    public async Task Work_is_opened_closed_and_decided_on()
    {
        var order = new WorkOrder(Guid.Parse("55555555-5555-7555-8555-555555555555"), WorkKind.Change, "change-1", new("Wijziging", "Change"), null, Sample.Noon);
        _work.Open(WorkKind.Change, "change-1", Arg.Any<BothLanguages>(), null, Any).Returns(order);
        _work.Close(order.Id, 30, true, Any).Returns(order with { Closing = new(Sample.Noon, 30, true) });
        _work.Decide(order.Id, false, "goodwill", Arg.Is<string?>(agreement => agreement == null), Arg.Any<string>(), Any).Returns(order);
        _work.List(Any).Returns([order]);

        var path = $"{Sample.TenantPath}/work-orders";
        Assert.Equal("change", (await SendAsync(HttpMethod.Post, path, """{"kind":"change","subject":"change-1","description":{"nl":"Wijziging","en":"Change"}}""", HttpStatusCode.OK)).Text("kind"));
        Assert.Equal("30", (await SendAsync(HttpMethod.Post, $"{path}/{order.Id}/closing", """{"minutes":30,"delivered":true}""", HttpStatusCode.OK)).At("closing").At("minutes").GetRawText());
        await SendAsync(HttpMethod.Post, $"{path}/{order.Id}/decision", """{"charge":false,"reason":"goodwill"}""", HttpStatusCode.OK);
        Assert.Equal(1, (await GetAsync(path)).At("workOrders").GetArrayLength());
        await RefusedAsync(HttpMethod.Post, $"{path}/one/closing", """{"minutes":30,"delivered":true}""", HttpStatusCode.BadRequest, "invalid-request", "order");
        await RefusedAsync(HttpMethod.Post, path, """{"subject":"change-1"}""", HttpStatusCode.BadRequest, "invalid-request", "kind");
    }

    [Fact]
    public async Task Prices_are_listed_put_and_indexed()
    {
        var list = new PriceList("accensys", new("Prijzen", "Prices"), [new(1, new(2020, 1, 1), Money.Exactly(3.5m), Money.Exactly(95m), VatCode.Standard)]);
        _prices.List(Any).Returns([list]);
        _prices.Put(Arg.Any<PriceList>(), Any).Returns(call => call.Arg<PriceList>());
        _prices.Index("accensys", new(2027, 1, 1), 3.5m, "costs", Arg.Any<string>(), Any).Returns(list);

        var text = (await GetAsync("/api/v1/price-lists")).First("priceLists").GetRawText();
        Assert.Contains("\"userMonth\":3.50", text, StringComparison.Ordinal);
        await SendAsync(HttpMethod.Put, "/api/v1/price-lists/accensys", text, HttpStatusCode.OK);
        await RefusedAsync(HttpMethod.Put, "/api/v1/price-lists/other", text, HttpStatusCode.BadRequest, "invalid-request", "id");
        await SendAsync(HttpMethod.Post, "/api/v1/price-lists/accensys/indexations", """{"validFrom":"2027-01-01","percent":3.5,"reason":"costs"}""", HttpStatusCode.OK);
        await RefusedAsync(HttpMethod.Post, "/api/v1/price-lists/accensys/indexations", """{"validFrom":"2027-01-01","percent":3.5}""", HttpStatusCode.BadRequest, "invalid-request", "reason");
    }

    [Fact]
    public async Task The_figure_of_liability_is_asked_for_any_day()
    {
        _account.GetLiability(new(2026, 6, 30), 3, Any).Returns(new LiabilityFigure(new(2026, 4, 1), new(2026, 6, 30), Money.Exactly(50m), Money.Exactly(42m)));
        Assert.Equal("""{"from":"2026-04-01","day":"2026-06-30","paid":50.00,"accrued":42.00}""", (await GetAsync($"{Sample.TenantPath}/liability?asOf=2026-06-30&months=3")).GetRawText());
        await RefusedAsync(HttpMethod.Get, $"{Sample.TenantPath}/liability?asOf=june", null, HttpStatusCode.BadRequest, "invalid-request", "asOf");
    }

    private async Task<string> TextAsync(string address, string type)
    {
        using var response = await SignedIn.GetAsync(new Uri(address, UriKind.Relative));
        Assert.Equal((HttpStatusCode.OK, type), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        return await response.Content.ReadAsStringAsync();
    }
}
