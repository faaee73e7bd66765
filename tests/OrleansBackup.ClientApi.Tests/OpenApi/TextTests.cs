using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Plans;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Tests.OpenApi;

/// <summary>What may stand in a text that is sent: anything that people write, and no control characters.</summary>
public sealed class TextTests : ApiHost
{
    protected override void Register(IServiceCollection services) => services.AddSingleton(WorkingCalendar.Netherlands).AddSingleton(PlanCatalog.Of());

    private static string MovesPath => $"{Sample.TenantPath}/moves";

    public static TheoryData<string> Forbidden => ["\\u0000", "\\u0001", "\\u0008", "\\u001b[31m", "\\u007f", "\\u0085", "\\u009b", "\u007f", "\u009b"];

    [Theory]
    [MemberData(nameof(Forbidden))]
    public async Task A_control_character_is_refused_and_its_field_named(string character)
    {
        var problem = await RefusedAsync(HttpMethod.Post, MovesPath, $$"""{"store":"home","why":"a{{character}}b"}""", HttpStatusCode.BadRequest, "invalid-request", "why");
        Assert.Contains("control character", problem.Text("detail"), StringComparison.Ordinal);
        await RefusedAsync(HttpMethod.Put, $"{Sample.TenantPath}/contacts", $$"""{"contacts":[{"name":"Kim"},{"name":"a{{character}}b"}]}""", HttpStatusCode.BadRequest, "invalid-request", "contacts[1].name");
        await RefusedAsync(HttpMethod.Post, $"{Sample.TenantPath}/contract", $$$$"""{"prerequisites":{"a{{{{character}}}}b":"x"}}""", HttpStatusCode.BadRequest, "invalid-request", "prerequisites");
        await RefusedAsync(HttpMethod.Post, $"{Sample.TenantPath}/contract", $$$$"""{"overrides":[{"path":"x","value":{"a":["b{{{{character}}}}"]}}]}""", HttpStatusCode.BadRequest, "invalid-request", "overrides[0].value");
        await Service.Tenant.DidNotReceiveWithAnyArgs().StartMove(default!, default!, default!, default);
    }

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\udc00x")]
    public async Task Half_a_character_is_refused(string character)
    {
        await RefusedAsync(HttpMethod.Post, MovesPath, $$"""{"store":"home","why":"a{{character}}"}""", HttpStatusCode.BadRequest, "malformed-json", "why");
        await RefusedAsync(HttpMethod.Post, $"{Sample.TenantPath}/contract", $$$$"""{"overrides":[{"path":"x","value":{"a":"{{{{character}}}}"}}]}""", HttpStatusCode.BadRequest, "invalid-request", "overrides[0].value");
        Assert.EndsWith("malformed-json", (await SendAsync(HttpMethod.Post, $"{Sample.TenantPath}/contract", $$$$"""{"overrides":[{"path":"x","value":{"{{{{character}}}}":1}}]}""", HttpStatusCode.BadRequest)).Text("type"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("two\\nlines\\r\\nand a\\ttabulator")]
    [InlineData("日本語 – مرحبا – Grüße – 🧨 \\ud83e\\udde8")]
    [InlineData("\\u202etxt.exe \\ufeff \\uffff <script> =cmd|")] // made harmless where it is shown, since people's names hold the like
    public async Task What_people_write_is_kept_as_it_is(string text)
    {
        var expected = JsonDocument.Parse($"\"{text}\"").RootElement.GetString()!;
        Service.Tenant.StartMove(default!, default!, default!, default).ReturnsForAnyArgs(
            new TenantMoveStatus("ireland", "home", new PersonsDecision("first-key", expected, Sample.Noon), MoveState.WaitingForRetention, "Waiting", null, null, null, 0, 0, 0, 0, 0, [], 0, null));
        var move = await SendAsync(HttpMethod.Post, MovesPath, $$"""{"store":"home","why":"{{text}}"}""", HttpStatusCode.Accepted);
        Assert.Equal(expected, move.At("asked").Text("why"));
        await Service.Tenant.Received(1).StartMove("home", Arg.Any<string>(), expected, Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_name_stands_on_one_line() => await RefusedAsync(
        HttpMethod.Post, "/api/v1/tenants", $$"""{"id":"{{Sample.Tenant}}","name":"Fabri\nkam","clientId":"{{Sample.Job}}","clientSecret":"x"}""", HttpStatusCode.BadRequest, "invalid-request", "name");

    [Fact]
    public async Task A_text_where_a_text_belongs_and_nothing_else()
    {
        foreach (var value in new[] { "1", "true", "{}", "[]" })
            await RefusedAsync(HttpMethod.Post, MovesPath, $$"""{"store":{{value}},"why":"x"}""", HttpStatusCode.BadRequest, "malformed-json", "store");
    }
}
