using System.Net;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.Domain.Forecast;
using OrleansBackup.Domain.Retention;
using OrleansBackup.Domain.Scope;
using OrleansBackup.Domain.Storage;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Tests.Tenants;

public sealed class TenantEndpointsTests : ApiHost
{
    private const string Credential = $"\"id\":\"11111111-1111-1111-1111-111111111111\",\"name\":\"Fabrikam\",\"clientId\":\"app\",\"clientSecret\":\"s3cret\"";
    private const string WholeSettings =
        """{"scope":{"mode":"selection","selected":["a","b"],"excluded":[],"hiddenFolders":false},"retention":{"calendarMonths":2,"legalHold":true},"window":{"start":"21:30:00","length":"04:00:00"}}""";

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(3_651)]
    [InlineData(int.MaxValue)]
    public async Task A_certificate_lives_for_days_that_make_sense(int days)
    {
        await RefusedAsync(HttpMethod.Post, $"{Sample.TenantPath}/certificates", $$"""{"days":{{days}}}""", HttpStatusCode.BadRequest, "invalid-request", "days");
        await Service.Tenant.DidNotReceiveWithAnyArgs().MakeCertificate(default, default);
    }

    [Fact]
    public async Task Tenants_are_listed()
    {
        var listed = await GetAsync("/api/v1/tenants");
        Assert.Equal("tenants next", listed.Names());
        Assert.Equal("id name", listed.First("tenants").Names());
        Assert.Equal("Fabrikam", listed.First("tenants").Text("name"));
    }

    [Fact]
    public async Task A_tenant_tells_how_it_stands()
    {
        var tenant = await GetAsync(Sample.TenantPath);
        Assert.Equal(
            "id name settings onboardedAt discoveredAt protectedResources unprotectedResources healthyResources overdueResources runningResources failingResources permissions store storage sweptAt noticesUndelivered firstBackupsLeft firstBackupsExpectedEnd problem",
            tenant.Names());
        Assert.Equal("scope retention window rehearsal", tenant.At("settings").Names());
        Assert.Equal("mode selected excluded hiddenFolders kinds excludedPurposes", tenant.At("settings").At("scope").Names());
        Assert.Equal("everything", tenant.At("settings").At("scope").Text("mode"));
        Assert.Equal("days calendarMonths legalHold keep", tenant.At("settings").At("retention").Names());
        Assert.Equal("20:00:00", tenant.At("settings").At("window").Text("start"));
        Assert.Equal("name granted neededForBackup neededForRestore purpose", tenant.First("permissions").Names());
    }

    [Fact]
    public async Task A_tenant_foretells_when_its_first_backups_end_and_what_that_depends_on()
    {
        var forecast = await GetAsync($"{Sample.TenantPath}/forecast");
        Assert.Equal("asOf backupsLeft expectedEnd earliest latest bottleneck service reason places kinds granted", forecast.Names());
        Assert.Equal((12, 8), (forecast.At("backupsLeft").GetInt32(), forecast.At("places").GetInt32()));
        Assert.Equal(Sample.Noon.AddHours(5), forecast.At("expectedEnd").GetDateTimeOffset());
        Assert.Equal((Sample.Noon.AddHours(4), Sample.Noon.AddHours(7)), (forecast.At("earliest").GetDateTimeOffset(), forecast.At("latest").GetDateTimeOffset()));
        Assert.Equal(("graphBudget", "files"), (forecast.Text("bottleneck"), forecast.Text("service")));
        Assert.Contains("SharePoint and OneDrive", forecast.Text("reason"), StringComparison.Ordinal);
        var kind = forecast.First("kinds");
        Assert.Equal("kind waiting underWay done items bytes worked itemsPerSecond bytesPerSecond requestsPerItem runTimeLeft", kind.Names());
        Assert.Equal((2.0, 20.0, 1.5), (kind.At("itemsPerSecond").GetDouble(), kind.At("bytesPerSecond").GetDouble(), kind.At("requestsPerItem").GetDouble()));
        Assert.Equal("service perSecond ready", forecast.First("granted").Names());
    }

    [Fact]
    public async Task Where_nothing_is_left_no_end_is_foretold()
    {
        Service.Tenant.GetForecast(Arg.Any<CancellationToken>()).Returns(new TenantForecastReport(Sample.Noon, new TenantOutlook(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, Bottleneck.None, null, []), 0, []));
        var forecast = await GetAsync($"{Sample.TenantPath}/forecast");
        Assert.Equal(System.Text.Json.JsonValueKind.Null, forecast.At("expectedEnd").ValueKind);
        Assert.Equal("Every protected resource has a restore point.", forecast.Text("reason"));
    }

    [Fact]
    public Task A_tenant_that_is_not_there_foretells_nothing() =>
        RefusedAsync(HttpMethod.Get, $"/api/v1/tenants/{Sample.UnknownTenant}/forecast", null, HttpStatusCode.NotFound, "not-found");

    [Fact]
    public async Task Onboarding_passes_on_what_was_asked()
    {
        await SendAsync(HttpMethod.Post, "/api/v1/tenants", $"{{{Credential},\"settings\":{WholeSettings}}}", HttpStatusCode.Created);
        await Service.Tenant.Received(1).Onboard(
            Arg.Is<TenantOnboarding>(asked => asked.Name == "Fabrikam" && asked.ClientId == "app" && asked.ClientSecret == "s3cret"
                && asked.Settings.Scope.Mode == ScopeMode.Selection && asked.Settings.Scope.Selected.SetEquals(new[] { "a", "b" }) && !asked.Settings.Scope.HiddenFolders
                && asked.Settings.Retention == new RetentionRule(null, 2, true)
                && asked.Settings.Window.Start == new TimeSpan(21, 30, 0) && asked.Settings.Window.Length == TimeSpan.FromHours(4)),
            Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_new_tenant_without_settings_takes_the_defaults()
    {
        Service.Tenant.GetOverview(Arg.Any<CancellationToken>()).ThrowsAsync(new NotFoundException("none"));
        await SendAsync(HttpMethod.Post, "/api/v1/tenants", $"{{{Credential}}}", HttpStatusCode.Created);
        await Service.Tenant.Received(1).Onboard(Arg.Is<TenantOnboarding>(asked => asked.Settings == TenantSettings.Default), Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task Onboarding_again_without_settings_keeps_those_that_were_agreed()
    {
        var agreed = TenantSettings.Default with { Retention = RetentionRule.OfDays(3_650) };
        Service.Tenant.GetOverview(Arg.Any<CancellationToken>()).Returns(Sample.Overview with { Settings = agreed });
        await SendAsync(HttpMethod.Post, "/api/v1/tenants", $"{{{Credential}}}", HttpStatusCode.Created);
        await Service.Tenant.Received(1).Onboard(Arg.Is<TenantOnboarding>(asked => asked.Settings == agreed), Arg.Any<CancellationToken>());
    }

    [Theory]
    [InlineData("""{"name":"F","clientId":"a","clientSecret":"b"}""", "id")]
    [InlineData("""{"id":"fabrikam.example","name":"F","clientId":"a","clientSecret":"b"}""", "id")]
    [InlineData("""{"id":"11111111-1111-1111-1111-111111111111","name":"  ","clientId":"a","clientSecret":"b"}""", "name")]
    [InlineData("""{"id":"11111111-1111-1111-1111-111111111111","name":"F","clientSecret":"b"}""", "clientId")]
    [InlineData("""{"id":"11111111-1111-1111-1111-111111111111","name":"F","clientId":"a","clientSecret":""}""", "clientSecret")]
    [InlineData($"{{{Credential},\"settings\":{{\"retention\":{{\"days\":0}}}}}}", "settings.retention")]
    [InlineData($"{{{Credential},\"settings\":{{\"retention\":{{\"days\":3,\"calendarMonths\":3}}}}}}", "settings.retention")]
    [InlineData($"{{{Credential},\"settings\":{{\"scope\":{{}}}}}}", "settings.scope.mode")]
    [InlineData($"{{{Credential},\"settings\":{{\"scope\":{{\"mode\":\"selection\",\"selected\":[\"\"]}}}}}}", "settings.scope.selected")]
    [InlineData($"{{{Credential},\"settings\":{{\"window\":{{\"start\":\"20:00:00\"}}}}}}", "settings.window.length")]
    [InlineData($"{{{Credential},\"settings\":{{\"window\":{{\"start\":\"20:00:00\",\"length\":\"2.00:00:00\"}}}}}}", "settings.window")]
    public async Task A_bad_field_of_an_onboarding_is_named(string body, string field)
    {
        await RefusedAsync(HttpMethod.Post, "/api/v1/tenants", body, HttpStatusCode.BadRequest, "invalid-request", field);
        await Service.Tenant.DidNotReceive().Onboard(Arg.Any<TenantOnboarding>(), Arg.Any<CancellationToken>());
    }

    [Theory]
    [InlineData("{", "body")]
    [InlineData("[]", "body")]
    [InlineData("""{"id":7}""", "id")]
    [InlineData("""{"settings":{"scope":{"mode":"all"}}}""", "settings.scope.mode")]
    [InlineData("""{"settings":{"scope":{"mode":1}}}""", "settings.scope.mode")]
    [InlineData("""{"settings":{"retention":{"days":"90"}}}""", "settings.retention.days")]
    [InlineData("""{"settings":{"window":{"start":"late"}}}""", "settings.window.start")]
    [InlineData("""{"settings":{"retentoin":{"days":90}}}""", "settings.retentoin")]
    [InlineData("""{"settings":{"scope":{"selected":[1]}}}""", "settings.scope.selected[0]")]
    public async Task Json_that_cannot_be_read_names_the_place(string body, string field) =>
        await RefusedAsync(HttpMethod.Post, "/api/v1/tenants", body, HttpStatusCode.BadRequest, "malformed-json", field);

    [Fact]
    public async Task An_unknown_word_is_answered_with_the_known_ones_and_never_with_names_of_types()
    {
        var problem = await RefusedAsync(
            HttpMethod.Post, "/api/v1/tenants", """{"settings":{"scope":{"mode":"all"}}}""", HttpStatusCode.BadRequest, "malformed-json", "settings.scope.mode");
        Assert.Contains("everything, selection", problem.Text("detail"), StringComparison.Ordinal);
        problem = await RefusedAsync(
            HttpMethod.Post, "/api/v1/tenants", """{"settings":{"retention":{"days":"90"}}}""", HttpStatusCode.BadRequest, "malformed-json", "settings.retention.days");
        Assert.DoesNotContain("System.", problem.Text("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"oneDrive":"selection","team":"nothing"}""", null, null)]
    [InlineData("""{"chats":"everything"}""", "invalid-request", "scope.kinds")]
    [InlineData("""{"printer":"everything"}""", "malformed-json", "scope.kinds.printer")]
    public async Task A_rule_of_a_kind_is_taken_or_refused_in_words(string kinds, string? refusal, string? field)
    {
        var body = WholeSettings.Replace("\"hiddenFolders\":false", $"\"hiddenFolders\":false,\"kinds\":{kinds}", StringComparison.Ordinal);
        if (refusal is not null)
        {
            await RefusedAsync(HttpMethod.Put, $"{Sample.TenantPath}/settings", body, HttpStatusCode.BadRequest, refusal, field);
            return;
        }
        await SendAsync(HttpMethod.Put, $"{Sample.TenantPath}/settings", body, HttpStatusCode.OK);
        await Service.Tenant.Received(1).ChangeSettings(Arg.Is<TenantSettings>(settings => settings.Scope.Kinds.Count == 2), Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task Settings_change_as_a_whole()
    {
        await SendAsync(HttpMethod.Put, $"{Sample.TenantPath}/settings", WholeSettings, HttpStatusCode.OK);
        await Service.Tenant.Received(1).ChangeSettings(
            Arg.Is<TenantSettings>(settings => settings.Retention == new RetentionRule(null, 2, true)), Arg.Any<CancellationToken>());
    }

    [Theory]
    [InlineData("""{"scope":{"mode":"everything"},"window":{"start":"20:00:00","length":"08:00:00"}}""", "retention")]
    [InlineData("""{"retention":{"days":90},"window":{"start":"20:00:00","length":"08:00:00"}}""", "scope")]
    [InlineData("""{"scope":{"mode":"everything"},"retention":{"days":90}}""", "window")]
    public async Task A_part_left_out_of_the_settings_never_becomes_a_default(string body, string field)
    {
        await RefusedAsync(HttpMethod.Put, $"{Sample.TenantPath}/settings", body, HttpStatusCode.BadRequest, "invalid-request", field);
        await Service.Tenant.DidNotReceive().ChangeSettings(Arg.Any<TenantSettings>(), Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_store_and_where_backups_may_lie_are_passed_on_and_shown()
    {
        var tenant = await SendAsync(HttpMethod.Post, "/api/v1/tenants", $"{{{Credential},\"store\":\"home\",\"storage\":{{\"countries\":[\"nl\"]}}}}", HttpStatusCode.Created);
        await Service.Tenant.Received(1).Onboard(
            Arg.Is<TenantOnboarding>(asked => asked.Store == "home" && asked.Storage == StorageDemand.Netherlands), Arg.Any<CancellationToken>());
        Assert.Equal("home", tenant.Text("store"));
        Assert.Equal("NL", tenant.At("storage").First("countries").GetString());

        await SendAsync(HttpMethod.Put, $"{Sample.TenantPath}/storage", "{\"countries\":[]}", HttpStatusCode.OK);
        await Service.Tenant.Received(1).ChangeStorage(StorageDemand.Anywhere, Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_store_in_another_country_than_demanded_is_a_problem_of_that_field()
    {
        const string why = "The store 'cloud' lies in IE; the tenant's backups must lie in NL.";
        Service.Tenant.Onboard(Arg.Any<TenantOnboarding>(), Arg.Any<CancellationToken>()).ThrowsAsync(new InvalidRequestException("store", why));
        Service.Tenant.ChangeStorage(Arg.Any<StorageDemand>(), Arg.Any<CancellationToken>()).ThrowsAsync(new InvalidRequestException("countries", why));
        var problem = await RefusedAsync(HttpMethod.Post, "/api/v1/tenants", $"{{{Credential},\"storage\":{{\"countries\":[\"NL\"]}}}}", HttpStatusCode.BadRequest, "invalid-request", "store");
        Assert.Equal(why, problem.Text("detail"));
        await RefusedAsync(HttpMethod.Put, $"{Sample.TenantPath}/storage", "{\"countries\":[\"NL\"]}", HttpStatusCode.BadRequest, "invalid-request", "countries");
        await RefusedAsync(HttpMethod.Put, $"{Sample.TenantPath}/storage", "{}", HttpStatusCode.BadRequest, "invalid-request", "countries");
        await RefusedAsync(HttpMethod.Put, $"{Sample.TenantPath}/storage", "{\"countries\":[\"Holland\"]}", HttpStatusCode.BadRequest, "invalid-request", "countries");
    }

    [Fact]
    public async Task Permissions_discoveries_and_sweeps_answer_in_their_shapes()
    {
        Assert.Equal("name granted neededForBackup neededForRestore purpose", (await GetAsync($"{Sample.TenantPath}/permissions")).First("permissions").Names());
        var discovery = await SendAsync(HttpMethod.Post, $"{Sample.TenantPath}/discoveries", null, HttpStatusCode.OK);
        Assert.Equal("found new vanished protected notProtected warnings", discovery.Names());
        var sweep = await SendAsync(HttpMethod.Post, $"{Sample.TenantPath}/sweeps", null, HttpStatusCode.Accepted);
        Assert.Equal(2, sweep.At("started").GetInt32());
    }

    [Fact]
    public async Task A_secret_stands_in_no_answer()
    {
        using var response = await SignedIn.PostAsync(
            new Uri("/api/v1/tenants", UriKind.Relative), new StringContent($"{{{Credential}}}", System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal($"/api/v1/tenants/{Sample.Tenant}", response.Headers.Location?.OriginalString);
        Assert.DoesNotContain("s3cret", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
