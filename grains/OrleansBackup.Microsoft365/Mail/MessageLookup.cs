using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansBackup.Microsoft365.Batching;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Mail;

/// <summary>Reads messages that a listing gave only as ids, in batches; one that cannot be read does not stop the others.</summary>
internal sealed class MessageLookup(GraphClient client, MailboxRequests requests)
{
    public async Task<ImmutableArray<MessageChange>> CompleteAsync(ImmutableArray<MessageChange> changes, CancellationToken cancellation)
    {
        var listed = changes.OfType<MessageListed>().Select(c => c.Message.Id).ToList();
        if (listed.Count == 0) return changes;
        var parts = listed.Select(id => new BatchPart($"/{requests.MessagePath(id)}?$select={MessageSummary.Select}", MailboxRequests.ImmutableIds)).ToList();
        var answers = await new BatchSender(client).SendAsync(parts, requests.UserId, RequestSubject.Item, cancellation);
        var read = listed.Zip(answers).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        return [.. changes.Select(change => change is MessageListed { Message.Id: var id } ? Complete(id, read[id]) : change).OfType<MessageChange>()];
    }

    /// <returns>Null for a message that has gone meanwhile: the next round tells.</returns>
    private MessageChange? Complete(string id, BatchAnswer answer)
    {
        if (answer.Failure is { } failure)
        {
            var meaning = FailureMeaning.Of(failure, RequestSubject.Item);
            if (meaning == Meaning.ItemGone) return null;
            if (meaning is Meaning.ItemUnreadable or Meaning.ServerError or Meaning.Refused) return new MessageUnlisted(id, failure.Code);
            throw client.Translate(failure, meaning, requests.Read(requests.Message(id), RequestSubject.Item));
        }

        return MessageSummary.Read(answer.Body, JsonMarshal.GetRawUtf8Value(answer.Body).ToArray()) is { } summary
            ? new MessageListed(summary) : new MessageUnlisted(id, "MalformedAnswer");
    }
}
