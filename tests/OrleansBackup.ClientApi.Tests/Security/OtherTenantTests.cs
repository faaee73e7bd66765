using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.Domain.Access;

namespace OrleansBackup.ClientApi.Tests.Security;

/// <summary>Everything that can be read of a server with two customers, read by those of one: they read their own, and in no list, page or error is a name of the other.</summary>
public sealed partial class OtherTenantTests
{
    [Fact]
    public async Task Whoever_may_read_reads_and_finds_no_trace_of_another_customer()
    {
        await using var scene = await OnboardedServer.StartAsync(null, own =>
            [.. Roles.All.SelectMany(role => RunningServer.Key(role.Token(), role.Token(), own.TenantId.ToString())), "--Api:Limits:PerCaller", "1000000"]);
        await scene.OnboardAsync();
        await LeaveTracesAsync(scene);
        var (wrong, answered, traces) = (new List<string>(), new SortedSet<string>(StringComparer.Ordinal), new[] { OnboardedServer.OtherMark, scene.Other.TenantId.ToString() });
        var without = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var endpoint in scene.Server.Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Get) == true))
        {
            if (endpoint.Metadata.GetMetadata<Declaration>() is not { } declared)
                continue;
            var pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            foreach (var role in Roles.All.Where(role => role.Allows(declared.Permission)))
            {
                using var client = scene.Server.Client($"{role.Token()}-key");
                if (declared.Reach == Reach.Address && !pattern.Contains("{tenant}", StringComparison.Ordinal))
                    continue; // of all tenants: refused, as the walk sees
                var status = await ReadAsync(client, pattern, OnboardedServer.MailboxOf(scene.Own));
                (status is >= 200 and < 400 ? answered : without).Add(pattern);
                // The other's mailbox under one's own address is none.
                if (pattern.Contains("{resource}", StringComparison.Ordinal) && await ReadAsync(client, pattern, OnboardedServer.MailboxOf(scene.Other)) is >= 200 and < 300)
                    wrong.Add($"{role}: {pattern} answers for a resource of somebody else");
            }
        }
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong.Distinct()));
        // Lists and pages of one's own answer; what is missing has not been made here.
        var plain = without.Except(answered).Where(pattern => !Parameter().Replace(pattern, "").Contains('{', StringComparison.Ordinal) && Parameter().Matches(pattern).All(match => match.Groups[1].Value is "tenant" or "resource" or "point")).ToList();
        Assert.True(NotMadeHere.SequenceEqual(plain), string.Join(Environment.NewLine, plain));
        Assert.True(answered.Count > 40, string.Join(Environment.NewLine, answered));

        async Task<int> ReadAsync(HttpClient client, string pattern, string resource)
        {
            var address = Parameter().Replace(pattern, parameter => parameter.Groups[1].Value switch
            {
                "tenant" => scene.Own.TenantId.ToString(), "resource" => resource, "point" => "1", "other" => "latest", "month" => "2026-03", "date" => "2026-03-16", "n" or "number" or "act" => "1",
                "run" or "job" or "notice" or "request" or "webhook" or "order" or "incident" or "key" or "subscription" or "export" => Sample.Job.ToString(), _ => "any",
            });
            using var response = await client.GetAsync(new Uri(address + (address.Contains("search", StringComparison.Ordinal) ? "?text=a" : ""), UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            if ((int)response.StatusCode >= 500)
                wrong.Add($"{pattern}: {(int)response.StatusCode}");
            if (response.Content.Headers.ContentType?.MediaType == "text/event-stream" && pattern.EndsWith("/events", StringComparison.Ordinal))
                return (int)response.StatusCode; // may go on for as long as what it watches
            var text = await response.Content.ReadAsStringAsync();
            wrong.AddRange(traces.Where(trace => text.Contains(trace, StringComparison.OrdinalIgnoreCase)).Select(trace => $"{pattern} tells of {trace}"));
            return (int)response.StatusCode;
        }
    }

    /// <summary>There is no contract, profile, move or destruction; and a choice or preview of nothing.</summary>
    private static readonly string[] NotMadeHere =
    [
        "/api/v1/tenants/{tenant}/billing-profile", "/api/v1/tenants/{tenant}/contract/", "/api/v1/tenants/{tenant}/contract/journal", "/api/v1/tenants/{tenant}/contract/preview",
        "/api/v1/tenants/{tenant}/deletion-record", "/api/v1/tenants/{tenant}/destruction", "/api/v1/tenants/{tenant}/destruction/events", "/api/v1/tenants/{tenant}/moves/latest/events",
        "/tenants/{tenant}/ending/live", "/tenants/{tenant}/exports/live", "/tenants/{tenant}/resources/{resource}/points/{point}/preview", "/tenants/{tenant}/restores/new",
    ];

    /// <summary>Of the other customer there is something in every book that can be filled simply.</summary>
    private static async Task LeaveTracesAsync(OnboardedServer scene)
    {
        using var admin = scene.Server.Client(scene.Server.FirstKey);
        var other = $"/api/v1/tenants/{scene.Other.TenantId}";
        const string Mark = OnboardedServer.OtherMark;
        await OnboardedServer.SendAsync(admin, HttpMethod.Put, $"{other}/contacts", $$"""{"contacts":[{"name":"{{Mark}} director","email":"director@{{Mark}}.example","language":"nl"}]}""");
        await OnboardedServer.SendAsync(admin, HttpMethod.Post, $"{other}/subscriptions", $$"""{"name":"{{Mark}}","channel":"webhook","address":"https://hooks.{{Mark}}.example/","kinds":["runFailed"]}""");
        await OnboardedServer.SendAsync(admin, HttpMethod.Post, "/api/v1/keys", $$"""{"name":"{{Mark}}-key","roles":["auditor"],"tenants":["{{scene.Other.TenantId}}"]}""");
        await OnboardedServer.SendAsync(admin, HttpMethod.Post, $"{other}/resources/{OnboardedServer.MailboxOf(scene.Other)}/legal-hold", $$"""{"why":"{{Mark}}"}""");
    }

    [GeneratedRegex(@"\{\*{0,2}([A-Za-z]+)[^}]*\}")]
    private static partial Regex Parameter();
}
