using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.GraphSimulator.Content;

namespace OrleansBackup.GraphSimulator.Generation;

/// <summary>A message made from a seed whenever it is asked for: a mailbox of a hundred thousand costs no bytes of content.</summary>
public sealed class GeneratedContent(ulong seed, MailCast cast, DateTimeOffset sentAt, bool isSent, bool isDraft) : MessageContent
{
    public override MessageDetail Detail => Make();

    // One in forty that arrives is an invitation: not everything in a mail folder is mail.
    public override string? ODataType => !isSent && !isDraft && seed % 40 == 0 ? "#microsoft.graph.eventMessageRequest" : null;

    public override ReadOnlyMemory<byte> ToMime() => ToComposed().ToMime();

    /// <summary>The same message, held.</summary>
    public ComposedContent ToComposed()
    {
        var received = isDraft || isSent ? null : string.Create(CultureInfo.InvariantCulture,
            $"from mx.{cast.Domain} by mailbox.{cast.Domain} with SMTP; {sentAt:ddd, d MMM yyyy HH:mm:ss} +0000");
        return new ComposedContent(Make(), seed, received, ExtendedProperties);
    }

    private MessageDetail Make()
    {
        var random = new SeededRandom(seed);
        var thread = random.Below(cast.Threads);
        var topic = new SeededRandom(SeededRandom.Mix(cast.Seed, (ulong)thread));
        var subject = $"{topic.Pick(Words.Topics)} {topic.Below(10_000)}";
        var depth = random.Below(4);
        var other = random.Pick(cast.People);
        var isHtml = random.Chance(0.7);
        var characters = random.LogNormal(median: 1_200, sigma: 1.1, most: 60_000);
        var attachments = Attachments(ref random, isHtml);
        var text = Words.Paragraphs(ref random, characters, isHtml ? "<br>\r\n" : "\r\n");
        var image = attachments.FirstOrDefault(attachment => attachment.IsInline)?.ContentId;
        var threadId = string.Create(CultureInfo.InvariantCulture, $"<thread-{thread:x}-{cast.Seed:x}@{cast.Domain}>");
        return new MessageDetail
        {
            Subject = depth == 0 ? subject : (depth == 3 ? "AW: " : "Re: ") + subject,
            BodyType = isHtml ? "html" : "text",
            Body = isHtml ? $"<html><body><p>{text}</p>{(image is null ? "" : $"<img src=\"cid:{image}\">")}</body></html>" : text,
            From = isSent || isDraft ? cast.Owner : other,
            Sender = isSent || isDraft ? cast.Owner : other,
            To = isSent || isDraft ? [other] : [cast.Owner],
            Cc = [.. Enumerable.Range(0, random.Below(3)).Select(_ => random.Pick(cast.People))],
            Bcc = isSent && random.Chance(0.1) ? [random.Pick(cast.People)] : [],
            ReplyTo = random.Chance(0.1) ? [other] : [],
            InternetMessageId = string.Create(CultureInfo.InvariantCulture, $"<{seed:x16}@{cast.Domain}>"),
            InReplyTo = depth == 0 ? null : threadId,
            References = depth == 0 ? null : threadId,
            Headers = [new MailHeader("X-Mailer", "Post 7.1"), new MailHeader("X-Thread", threadId)],
            Date = sentAt,
            Importance = random.Chance(0.05) ? "high" : "normal",
            Attachments = attachments,
            Thread = threadId,
            ODataType = ODataType,
        };
    }

    private ImmutableArray<MailAttachment> Attachments(ref SeededRandom random, bool isHtml)
    {
        var found = ImmutableArray.CreateBuilder<MailAttachment>();
        var count = random.Chance(0.2) ? 1 + random.Below(3) : 0;
        for (var i = 0; i < count; i++)
        {
            // Half of the files go round the company: the same bytes in many messages of many mailboxes.
            var file = random.Chance(0.5) ? SeededRandom.Mix(cast.SharedSeed, (ulong)random.Below(200)) : random.Next();
            var bytes = new GeneratedBytes(file);
            var isInline = isHtml && i == 0 && bytes.Extension == "png";
            found.Add(new MailAttachment(i + 1, string.Create(CultureInfo.InvariantCulture, $"file-{file % 100_000}.{bytes.Extension}"), bytes.ContentType, isInline,
                isInline ? string.Create(CultureInfo.InvariantCulture, $"img{file:x}@{cast.Domain}") : null, bytes));
        }
        return found.ToImmutable();
    }
}

/// <summary>Who writes with whom in one mailbox; shared by all its generated messages.</summary>
/// <param name="Seed">The mailbox's seed.</param>
/// <param name="SharedSeed">The tenant's seed: makes the files that many have.</param>
/// <param name="Domain">The tenant's domain.</param>
/// <param name="Owner">The mailbox's owner.</param>
/// <param name="People">Everybody who may write.</param>
/// <param name="Threads">How many conversations there are.</param>
public sealed record MailCast(ulong Seed, ulong SharedSeed, string Domain, MailAddress Owner, IReadOnlyList<MailAddress> People, int Threads);
