using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Batching;

/// <summary>Sends many small reads in few requests. Each part succeeds, is throttled and repeated on its own.</summary>
internal sealed class BatchSender(GraphClient client)
{
    /// <summary>What Graph takes in one batch.</summary>
    public const int MaxParts = 20;

    /// <summary>Parts that the mailbox service runs at once, and counts against the mailbox.</summary>
    private const int PartsAtOnce = 4;

    /// <param name="parts">Any number; sent in batches of 20.</param>
    /// <param name="mailbox">The mailbox that all parts ask; null when each asks another one.</param>
    /// <param name="units">What one part is charged to the tenant's budget.</param>
    /// <returns>One answer per part, in the order of the parts.</returns>
    /// <exception cref="GraphException">A batch as a whole failed.</exception>
    public async Task<IReadOnlyList<BatchAnswer>> SendAsync(IReadOnlyList<BatchPart> parts, string? mailbox, RequestSubject subject, CancellationToken cancellation, int units = 1)
    {
        var answers = new BatchAnswer[parts.Count];
        for (var start = 0; start < parts.Count; start += MaxParts)
        {
            await SendOneAsync(parts, Enumerable.Range(start, Math.Min(MaxParts, parts.Count - start)).ToList(), answers, mailbox, subject, units, cancellation);
        }

        return answers;
    }

    private async Task SendOneAsync(IReadOnlyList<BatchPart> parts, List<int> open, BatchAnswer[] answers, string? mailbox, RequestSubject subject, int units, CancellationToken cancellation)
    {
        var history = new RetryHistory(0, 0, TimeSpan.Zero);
        while (true)
        {
            var request = Compose(parts, open, mailbox, subject) with { Units = units };
            var response = await client.SendAsync(request, cancellation);
            var failures = Read(response.Json, open, answers);
            open = [.. open.Where(index => answers[index] is null)];
            if (open.Count == 0) return;

            // The longest wait that any part asked for; all of them go again together.
            var worst = TimeSpan.Zero;
            foreach (var index in open)
            {
                var failure = failures.GetValueOrDefault(index) ?? new GraphFailure { Cause = FailureCause.Broken, Codes = ["PartNotAnswered"] };
                var meaning = FailureMeaning.Of(failure, subject);
                if (RetryPolicy.Decide(failure, meaning, request, history, client.Options, client.Options.Jitter()) is { } wait) worst = wait > worst ? wait : worst;
                else answers[index] = new BatchAnswer(failure.Status, default, failure);
            }

            open = [.. open.Where(index => answers[index] is null)];
            if (open.Count == 0) return;
            var throttled = failures.Values.Any(f => f.Status == 429);
            history = throttled
                ? history with { Throttles = history.Throttles + 1, Throttled = history.Throttled + worst }
                : history with { Failures = history.Failures + 1 };
            await client.HoldBackAsync(mailbox, GraphRequest.ServiceOf(subject), throttled, worst, cancellation);
        }
    }

    private GraphRequest Compose(IReadOnlyList<BatchPart> parts, List<int> open, string? mailbox, RequestSubject subject)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("requests");
            foreach (var index in open)
            {
                json.WriteStartObject();
                json.WriteString("id", index.ToString(System.Globalization.CultureInfo.InvariantCulture));
                json.WriteString("method", "GET");
                json.WriteString("url", parts[index].Url);
                if (parts[index].Prefer is { } prefer)
                {
                    json.WriteStartObject("headers");
                    json.WriteString("Prefer", prefer);
                    json.WriteEndObject();
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        var body = buffer.ToArray();
        return new GraphRequest
        {
            Method = HttpMethod.Post,
            Address = client.Address("$batch"),
            Subject = subject,
            Mailbox = mailbox,
            Cost = open.Count,
            Slots = mailbox is null ? 1 : Math.Min(PartsAtOnce, open.Count),
            Body = () => new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
    }

    /// <returns>Failures that may pass, by index; everything else has been entered into <paramref name="answers"/>.</returns>
    private Dictionary<int, GraphFailure> Read(ReadOnlyMemory<byte> json, List<int> open, BatchAnswer[] answers)
    {
        var failures = new Dictionary<int, GraphFailure>();
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
        if (!document.RootElement.TryGetProperty("responses", out var responses) || responses.ValueKind != JsonValueKind.Array) return failures;
        foreach (var response in responses.EnumerateArray())
        {
            if (!int.TryParse(TolerantJson.GetText(response, "id"), out var index) || !open.Contains(index)
                || !response.TryGetProperty("status", out var number) || !number.TryGetInt32(out var status)) continue;
            var body = response.TryGetProperty("body", out var found) ? found.Clone() : default;
            if (status is >= 200 and < 300)
            {
                answers[index] = new BatchAnswer(status, body, Failure: null);
                continue;
            }

            var failure = new GraphFailure { Cause = FailureCause.Answered, Status = status, HasEmptyBody = body.ValueKind == JsonValueKind.Undefined, RetryAfter = RetryAfter(response) };
            failures[index] = body.ValueKind == JsonValueKind.Object && body.TryGetProperty("error", out var error) ? failure.WithError(error) : failure;
        }

        return failures;
    }

    private TimeSpan? RetryAfter(JsonElement response)
    {
        if (!response.TryGetProperty("headers", out var headers) || headers.ValueKind != JsonValueKind.Object) return null;
        using var message = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        foreach (var header in headers.EnumerateObject())
        {
            if (TolerantJson.GetText(header.Value) is { } value) message.Headers.TryAddWithoutValidation(header.Name, value);
        }

        return LimitHeaders.Wait(message.Headers, client.Time.GetUtcNow());
    }
}
