using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.Domain.Access;

namespace OrleansBackup.ClientApi.Tests.Security;

/// <summary>Every endpoint of a running server, asked by everybody: each role, of all tenants and of one, about his own and another's, and by strangers.</summary>
public sealed partial class EndpointWalkTests
{
    private const string Own = "11111111-1111-1111-1111-111111111111";
    private const string Other = "22222222-2222-2222-2222-222222222222";
    private const string NotFromForm = "not-from-this-site";

    /// <summary>Who walks. The table says what he may; nothing here does.</summary>
    private sealed record Walker(string Holder, Role Role, bool AllTenants)
    {
        public static readonly Walker[] All =
        [
            .. Roles.All.Select(role => new Walker($"own-{role.Token()}", role, false)),
            .. Roles.All.Where(role => role != Role.CustomerContact).Select(role => new Walker($"all-{role.Token()}", role, true)),
        ];

        public bool MayAsk(Declaration declared, bool namesTenant, bool ownTenant) => Role.Allows(declared.Permission)
            && (declared.Reach != Reach.Address || AllTenants || (namesTenant && ownTenant));
    }

    [Fact]
    public async Task Every_endpoint_answers_whom_the_table_names_and_nobody_else()
    {
        await using var server = await RunningServer.StartAsync(null,
            [.. Walker.All.SelectMany(walker => RunningServer.Key(walker.Holder, walker.Role.Token(), walker.AllTenants ? null : Own)), .. WalkSettings]);
        var clients = Walker.All.ToDictionary(walker => walker, walker => server.Client($"{walker.Holder}-key"));
        using var stranger = server.Client();
        var wrong = new List<string>();
        var asked = 0;
        foreach (var endpoint in server.Endpoints)
        {
            var declared = endpoint.Metadata.GetMetadata<Declaration>();
            var isOpen = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
            var pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            if (isOpen == declared is not null)
                wrong.Add($"{pattern} has to declare what it needs, or to be open: one of the two");
            if (isOpen || declared is null)
                continue;
            var namesTenant = pattern.Contains("{tenant}", StringComparison.Ordinal);
            var isForm = endpoint.Metadata.GetMetadata<IAntiforgeryMetadata>() is { RequiresValidation: true };
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [HttpMethods.Get])
                foreach (var tenant in namesTenant ? new[] { Own, Other } : [Own])
                {
                    await ExpectAsync(stranger, "a stranger", method, pattern, tenant, answer => answer.Status == HttpStatusCode.Unauthorized || (answer.Status == HttpStatusCode.Found && method == HttpMethods.Get));
                    foreach (var (walker, client) in clients)
                    {
                        var may = walker.MayAsk(declared, namesTenant, tenant == Own);
                        await ExpectAsync(client, walker.Holder, method, pattern, tenant,
                            answer => may
                                ? answer.AsksForForm ? isForm : answer.Status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) && (int)answer.Status < 500
                                : answer.Status == HttpStatusCode.Forbidden && !answer.AsksForForm);
                    }
                }
        }
        foreach (var client in clients.Values)
            client.Dispose();
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
        Assert.True(asked > 1_500, $"{asked} requests");

        async Task ExpectAsync(HttpClient client, string who, string method, string pattern, string tenant, Func<(HttpStatusCode Status, bool AsksForForm), bool> isRight)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Fill(pattern, tenant), UriKind.Relative));
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            asked++;
            // Whoever is let in to a form of the portal is told that he did not send it from there.
            var asksForForm = response.StatusCode == HttpStatusCode.Forbidden && (await response.Content.ReadAsStringAsync()).Contains(NotFromForm, StringComparison.Ordinal);
            if (!isRight((response.StatusCode, asksForForm)))
                wrong.Add($"{who}: {method} {pattern} of {(tenant == Own ? "his own" : "another")}: {(int)response.StatusCode}");
        }
    }

    /// <summary>So that the walk itself is not held for an attack.</summary>
    private static readonly string[] WalkSettings = ["--Api:Limits:PerCaller", "1000000", "--Api:Limits:PerKey", "1000000", "--Api:Limits:PerAddress", "1000000"];

    private static string Fill(string pattern, string tenant) => Parameter().Replace(pattern, parameter => parameter.Groups[1].Value switch
    {
        "tenant" => tenant,
        "resource" => Sample.Mailbox.LocalName,
        "run" or "job" or "notice" or "request" or "webhook" or "order" or "incident" or "key" => Sample.Job.ToString(),
        "point" => "7",
        "month" => "2026-03",
        "date" => "2026-03-16",
        "n" or "number" or "act" => "1",
        _ => "any",
    });

    [GeneratedRegex(@"\{\*{0,2}([A-Za-z]+)[^}]*\}")]
    private static partial Regex Parameter();
}
