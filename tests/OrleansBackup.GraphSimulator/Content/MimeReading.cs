using System.Collections.Immutable;

namespace OrleansBackup.GraphSimulator.Content;

/// <summary>What Graph shows of a MIME message: which part is the body, which are attachments, who is addressed.</summary>
public static class MimeReading
{
    public static MessageDetail ToDetail(MimePart root)
    {
        var reading = new Reading();
        reading.Visit(root, isRelated: false);
        var from = MailAddresses.Parse(root.Header("From"));
        var sender = MailAddresses.Parse(root.Header("Sender"));
        var subject = EncodedWords.Decode(root.Header("Subject") ?? "");
        var references = root.Header("References");
        return new MessageDetail
        {
            Subject = subject,
            BodyType = reading.IsHtml ? "html" : "text",
            Body = reading.Body ?? "",
            From = from.Length > 0 ? from[0] : sender.Length > 0 ? sender[0] : null,
            Sender = sender.Length > 0 ? sender[0] : from.Length > 0 ? from[0] : null,
            To = MailAddresses.Parse(root.Header("To")),
            Cc = MailAddresses.Parse(root.Header("Cc")),
            Bcc = MailAddresses.Parse(root.Header("Bcc")),
            ReplyTo = MailAddresses.Parse(root.Header("Reply-To")),
            InternetMessageId = root.Header("Message-ID"),
            InReplyTo = root.Header("In-Reply-To"),
            References = references,
            Headers = [.. root.Headers.Select(header => header with { Value = EncodedWords.Decode(header.Value) })],
            Date = MailDate.Parse(root.Header("Date")),
            Importance = Importance(root),
            IsReadReceiptRequested = root.Header("Disposition-Notification-To") is not null,
            Attachments = [.. reading.Attachments],
            Thread = references?.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault()
                ?? root.Header("In-Reply-To") ?? root.Header("Message-ID") ?? subject,
            ODataType = reading.IsMeetingRequest ? "#microsoft.graph.eventMessageRequest" : null,
        };
    }

    private static string Importance(MimePart root) => (root.Header("Importance") ?? root.Header("X-Priority"))?.Trim().ToLowerInvariant() switch
    {
        "high" => "high",
        "low" => "low",
        ['1' or '2', ..] => "high",
        ['4' or '5', ..] => "low",
        _ => "normal",
    };

    private sealed class Reading
    {
        public string? Body { get; private set; }
        public bool IsHtml { get; private set; }
        public bool IsMeetingRequest { get; private set; }
        public ImmutableArray<MailAttachment>.Builder Attachments { get; } = ImmutableArray.CreateBuilder<MailAttachment>();

        public void Visit(MimePart part, bool isRelated)
        {
            if (part.IsMultipart && part.Children.Count > 0)
            {
                if (part.IsType("multipart/alternative"))
                    VisitAlternatives(part);
                else
                {
                    foreach (var child in part.Children)
                        Visit(child, part.IsType("multipart/related"));
                }
                return;
            }
            var isAttachment = part.Disposition.Value.Equals("attachment", StringComparison.Ordinal) || (part.FileName is not null && Body is not null);
            if (!isAttachment && Body is null && (IsText(part) || part.IsMultipart))
                TakeBody(part);
            else
                Attach(part, isRelated);
        }

        // Of several forms of one text the service shows HTML; the other text forms are not attachments.
        private void VisitAlternatives(MimePart part)
        {
            var had = Body is not null;
            var best = part.Children.LastOrDefault(HoldsHtml) ?? part.Children.FirstOrDefault(HoldsText);
            foreach (var child in part.Children)
            {
                if (child.IsType("text/calendar") && child.ContentType.Parameter("method")?.Equals("REQUEST", StringComparison.OrdinalIgnoreCase) == true)
                    IsMeetingRequest = true;
                if (child == best || !(IsText(child) && child.FileName is null) || had)
                    Visit(child, isRelated: false);
            }
        }

        private void TakeBody(MimePart part)
        {
            Body = part.DecodeText();
            IsHtml = part.IsType("text/html");
        }

        private void Attach(MimePart part, bool isRelated)
        {
            if (part.IsType("text/calendar") && part.ContentType.Parameter("method")?.Equals("REQUEST", StringComparison.OrdinalIgnoreCase) == true)
                IsMeetingRequest = true;
            var key = Attachments.Count + 1;
            var isInline = part.ContentId is not null && (isRelated || part.Disposition.Value == "inline");
            if (part.IsType("message/rfc822") && part.Children.Count > 0)
            {
                var nested = new MimeContent(part.Children[0].Raw, part.Children[0]);
                var name = part.FileName ?? nested.Detail.Subject;
                Attachments.Add(new MailAttachment(key, name, "message/rfc822", isInline, part.ContentId, new HeldBytes(part.Children[0].Raw)) { Item = nested });
                return;
            }
            var fallback = $"ATT{key:00000}{(IsText(part) ? ".txt" : ".dat")}";
            Attachments.Add(new MailAttachment(key, part.FileName ?? fallback, part.ContentType.Value, isInline, part.ContentId, new HeldBytes(part.DecodeBody()))
            {
                ContentLocation = part.Header("Content-Location"),
            });
        }

        private static bool IsText(MimePart part) => part.ContentType.Value.StartsWith("text/", StringComparison.Ordinal) && !part.IsType("text/calendar");
        private static bool HoldsHtml(MimePart part) => part.IsType("text/html") || part.Children.Any(HoldsHtml);
        private static bool HoldsText(MimePart part) => IsText(part) || part.Children.Any(HoldsText);
    }
}
