using System.Net;
using System.Text.Json;
using OrleansBackup.ClientApi.Tests.Hosting;

namespace OrleansBackup.ClientApi.Tests.Points;

/// <summary>Two points of a real mailbox: what a person did in between is what the comparison says, in parts, at once and as a stream.</summary>
[Collection(nameof(LiveServer))]
public sealed class CompareTests(LiveServer server)
{
    [Fact]
    public async Task What_was_added_moved_and_removed_between_two_points_is_told_however_it_is_asked_for()
    {
        var (tenant, user) = (server.Created.TenantId.ToString(), server.Created.Mailboxes[0].UserId.ToString());
        var points = $"{server.MailboxPath}/points";
        await server.RunAsync(server.MailboxPath);
        var first = (await server.GetAsync($"{points}/latest")).At("sequence").GetInt64();
        var messages = server.Admin.State(tenant, user).Messages;
        server.Admin.DeleteMessage(tenant, user, messages[0].Id, hard: true);
        server.Admin.MoveMessage(tenant, user, messages[1].Id, messages.First(message => message.FolderId != messages[1].FolderId && message.Id != messages[0].Id).FolderId);
        server.Admin.Deliver(tenant, user, "From: a@b.example\r\nSubject: It is new\r\n\r\nHello\r\n"u8.ToArray());
        await server.RunAsync(server.MailboxPath);
        var second = (await server.GetAsync($"{points}/latest")).At("sequence").GetInt64();

        var whole = (await server.GetAsync($"{points}/{first}/compare/{second}")).At("changes").EnumerateArray().ToList();
        Assert.Contains(whole, change => change.Text("change") == "added" && change.At("after").Text("subject") == "It is new" && change.At("before").ValueKind == JsonValueKind.Null);
        Assert.Contains(whole, change => change.Text("change") == "changed" && change.At("differences").EnumerateArray().Any(one => one.GetString() == "moved"));
        Assert.Contains(whole, change => change.Text("change") == "removed" && change.At("after").ValueKind == JsonValueKind.Null);

        var (parts, after) = (new List<string>(), "");
        do
        {
            var part = await server.GetAsync($"{points}/{first}/compare/{second}?limit=1{after}");
            parts.AddRange(part.At("changes").EnumerateArray().Select(change => change.GetRawText()));
            after = part.Text("next") is { } next ? $"&after={Uri.EscapeDataString(next)}" : "";
        }
        while (after.Length > 0);
        Assert.Equal(whole.Select(change => change.GetRawText()), parts);

        var stream = await server.Client.GetStringAsync(new Uri($"{points}/{first}/compare/{second}/events", UriKind.Relative));
        Assert.Equal(whole.Count, stream.Split('\n').Count(line => line == "event: change"));
        Assert.Contains("event: end", stream, StringComparison.Ordinal);

        // The other way round everything is the other way round, and a point is like itself.
        var back = (await server.GetAsync($"{points}/{second}/compare/{first}")).At("changes").EnumerateArray().ToList();
        Assert.Equal(whole.Select(change => (change.Text("id"), change.Text("change"))),
            back.Select(change => (change.Text("id"), (string?)(change.Text("change") switch { "added" => "removed", "removed" => "added", var same => same }))));
        Assert.Equal(0, (await server.GetAsync($"{points}/{first}/compare/{first}")).At("changes").GetArrayLength());

        using var kept = await server.Client.GetAsync(new Uri($"{points}/{first}/compare/{second}", UriKind.Relative));
        Assert.Contains("immutable", kept.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        using var latest = await server.Client.GetAsync(new Uri($"{points}/{first}/compare/latest", UriKind.Relative));
        Assert.True(latest.Headers.CacheControl!.NoCache);
        using var gone = await server.Client.GetAsync(new Uri($"{points}/{first}/compare/99999", UriKind.Relative));
        await ApiHost.ExpectProblemAsync(gone, HttpStatusCode.NotFound, "not-found");
    }
}
