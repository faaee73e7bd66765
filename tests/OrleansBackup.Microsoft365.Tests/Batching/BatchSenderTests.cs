using System.Text.Json;
using OrleansBackup.Microsoft365.Directory;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Tests.Fixtures;

namespace OrleansBackup.Microsoft365.Tests.Batching;

public sealed class BatchSenderTests
{
    [Fact]
    public async Task At_most_twenty_parts_go_together_and_answers_may_come_in_any_order()
    {
        using var given = new Given();
        given.Graph.Always("POST", "$batch", r => Answer(r, _ => (200, """{"id":"x","parentFolderId":"f"}""", null)));

        var found = await given.Writer().FindByIdAsync([.. Enumerable.Range(0, 45).Select(i => $"m{i}")], CancellationToken.None);

        Assert.Equal(45, found.Count);
        Assert.Equal([20, 20, 5], given.Graph.Sent.Select(r => Parts(r).Count));
        Assert.Equal(45, given.Client.Statistics.Requests);
    }

    [Fact]
    public async Task Row_33_a_part_that_was_refused_is_sent_again_alone_after_its_wait()
    {
        using var given = new Given();
        var refused = true;
        given.Graph.Always("POST", "$batch", r => Answer(r, url =>
        {
            if (!url.Contains("/m1?", StringComparison.Ordinal) || !refused) return (200, """{"id":"x"}""", null);
            refused = false;
            return (429, """{"error":{"code":"ApplicationThrottled","message":"Application is over its MailboxConcurrency limit."}}""", "11");
        }));

        var found = await given.Writer().FindByIdAsync(["m0", "m1", "m2"], CancellationToken.None);

        Assert.Equal(3, found.Count);
        Assert.Equal([3, 1], given.Graph.Sent.Select(r => Parts(r).Count));
        Assert.Equal([11], given.Clock.Waits.Select(w => w.TotalSeconds));
        Assert.Equal(1, given.Client.Statistics.Throttles);
    }

    [Fact]
    public async Task A_part_without_an_answer_is_asked_again()
    {
        using var given = new Given();
        var calls = 0;
        given.Graph.Always("POST", "$batch", r => calls++ == 0 ? Reply.Json("""{"responses":[]}""") : Answer(r, _ => (200, """{"id":"x"}""", null)));

        Assert.Single(await given.Writer().FindByIdAsync(["m0"], CancellationToken.None));
    }

    [Fact]
    public async Task Parts_carry_their_own_preference_for_immutable_ids()
    {
        using var given = new Given();
        given.Graph.Always("POST", "$batch", r => Answer(r, _ => (200, """{"id":"x"}""", null)));

        await given.Writer().FindByIdAsync(["m0"], CancellationToken.None);

        Assert.Equal("IdType=\"ImmutableId\"", Parts(given.Graph.Sent[0])[0].GetProperty("headers").GetProperty("Prefer").GetString());
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    [InlineData(20, 0)]
    public async Task A_batch_takes_as_many_of_the_mailboxs_places_as_the_service_runs_parts_at_once(int parts, int free)
    {
        using var given = new Given();
        var limiter = given.Factory.Limiters.Get(ScriptedGraph.Tenant, Given.User);
        var entered = 0;
        given.Graph.Always("POST", "$batch", r =>
        {
            using var cancel = new CancellationTokenSource();
            var others = Enumerable.Range(0, 4).Select(_ => limiter.EnterAsync(1, 1, 0, cancel.Token).AsTask()).ToList();
            entered = others.Count(o => o.IsCompletedSuccessfully);
            cancel.Cancel();
            return Answer(r, _ => (200, """{"id":"x"}""", null));
        });

        await given.Writer().FindByIdAsync([.. Enumerable.Range(0, parts).Select(i => $"m{i}")], CancellationToken.None);

        Assert.Equal(free, entered);
    }

    [Theory]
    [InlineData(404, "MailboxNotEnabledForRESTAPI", MailboxPresence.NoMailbox)]
    [InlineData(404, "ResourceNotFound", MailboxPresence.NoMailbox)]
    [InlineData(404, "Request_ResourceNotFound", MailboxPresence.NoMailbox)]
    [InlineData(401, "AuthenticationError", MailboxPresence.NoMailbox)]
    [InlineData(403, "ErrorAccessDenied", MailboxPresence.Unknown)]
    [InlineData(503, "serviceNotAvailable", MailboxPresence.Unknown)]
    public async Task Row_14_a_probe_says_what_it_knows_and_no_more(int status, string code, MailboxPresence presence)
    {
        using var given = new Given();
        given.Graph.Always("POST", "$batch", r => Answer(r, url => url.Contains(Given.User, StringComparison.Ordinal)
            ? (status, $$"""{"error":{"code":"{{code}}","message":""} }""", null)
            : url.Contains("userPurpose", StringComparison.Ordinal) ? (200, """{"value":"shared"}""", null) : (200, """{"id":"inbox"}""", null)));

        var probes = await given.Directory.ProbeMailboxesAsync([Given.User, "other"], CancellationToken.None);

        Assert.Equal(new MailboxProbe(Given.User, presence, MailboxPurpose.Unknown, code), probes[0]);
        Assert.Equal(new MailboxProbe("other", MailboxPresence.HasMailbox, MailboxPurpose.Shared, Code: null), probes[1]);
    }

    private static List<JsonElement> Parts(SentRequest request) => [.. JsonDocument.Parse(request.Body).RootElement.GetProperty("requests").EnumerateArray()];

    /// <summary>Answers all parts, the last one first.</summary>
    private static Reply Answer(SentRequest request, Func<string, (int Status, string Body, string? RetryAfter)> part) => Reply.Json("{\"responses\":[" + string.Join(',', Parts(request).AsEnumerable().Reverse().Select(p =>
    {
        var (status, body, retryAfter) = part(p.GetProperty("url").GetString()!);
        return $"{{\"id\":\"{p.GetProperty("id").GetString()}\",\"status\":{status},{(retryAfter is null ? "" : $"\"headers\":{{\"Retry-After\":\"{retryAfter}\"}},")}\"body\":{body}}}";
    })) + "]}");
}
