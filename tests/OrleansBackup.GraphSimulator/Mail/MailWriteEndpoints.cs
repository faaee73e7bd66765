using System.Text;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Content;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Mail;

/// <summary>Making, changing, moving and deleting messages and their attachments.</summary>
internal sealed class MailWriteEndpoints(UploadSessions uploads)
{
    // Set by the creating request or never.
    private static readonly string[] OnlyAtCreation = [ExtendedProperties.MessageFlags, ExtendedProperties.DeliveryTime, ExtendedProperties.SubmitTime];

    private static readonly string[] OnlyOfDrafts = ["subject", "body", "toRecipients", "ccRecipients", "bccRecipients", "replyTo", "from", "sender", "internetMessageId"];

    public IEnumerable<GraphRoute> Routes =>
    [
        Write("POST", "/users/{user}/messages", request => Create(request, "drafts")),
        Write("POST", "/users/{user}/mailFolders/{folder}/messages", request => Create(request, request.Values["folder"])),
        Write("POST", "/users/{user}/messages/{message}/attachments/createUploadSession", CreateUploadSession),
        .. new[] { "/users/{user}/messages/{message}", "/users/{user}/mailFolders/{folder}/messages/{message}" }.SelectMany(message => new[]
        {
            Write("PATCH", message, Update),
            Write("DELETE", message, request => Delete(request, hard: false)),
            Write("POST", message + "/permanentDelete", request => Delete(request, hard: true)),
            Write("POST", message + "/move", Move),
            Write("POST", message + "/attachments", AddAttachment),
            Write("DELETE", message + "/attachments/{attachment}", RemoveAttachment),
        }),
    ];

    private static GraphRoute Write(string method, string template, GraphHandler handle) => new(method, template, GraphService.Exchange, KnownPermissions.MailWrite, handle);

    private static GraphResponse Create(GraphRequest request, string folderName)
    {
        var mailbox = MailAccess.Mailbox(request);
        var folder = MailAccess.Folder(mailbox, folderName);
        if (folder.IsSearchFolder)
            throw new GraphErrorException(400, "ErrorInvalidRequest", "Items cannot be created in a search folder.");
        var isMime = request.Header("Content-Type")?.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase) == true;
        var version = mailbox.Add(isMime ? FromMime(request, folder) : FromJson(request, mailbox, folder));
        return Show(201, request, mailbox, version);
    }

    // However complete the MIME is, what it makes is a draft.
    private static NewMessage FromMime(GraphRequest request, MailFolder folder)
    {
        try
        {
            var mime = Convert.FromBase64String(Encoding.ASCII.GetString(request.Body.Span));
            return new NewMessage(folder, new MimeContent(mime)) { IsDraft = true, IsRead = true };
        }
        catch (FormatException)
        {
            throw new GraphErrorException(400, "ErrorMimeContentInvalidBase64String", "Invalid base64 string for MIME content.");
        }
    }

    private static NewMessage FromJson(GraphRequest request, Mailbox mailbox, MailFolder folder)
    {
        var body = request.JsonBody();
        var extended = MessageReader.Extended(body);
        var flags = extended.TryGetValue(ExtendedProperties.MessageFlags, out var text)
            ? int.TryParse(text, out var number) ? number : throw new GraphErrorException(400, "ErrorInvalidExtendedPropertyValue", $"'{text}' is no integer.")
            : ExtendedProperties.FlagUnsent;
        var isDraft = (flags & ExtendedProperties.FlagUnsent) != 0;
        var sent = MessageReader.Time(extended, ExtendedProperties.SubmitTime);
        var seed = SeededRandom.Mix(StableHash.Of(mailbox.Address), (ulong)mailbox.Sequence);
        var detail = MessageReader.Detail(body, new MessageDetail { InternetMessageId = $"<{seed:x16}@{mailbox.Address.Split('@')[^1]}>" }) with { Date = sent };
        if (body["attachments"] is JsonArray attachments)
            detail = detail with { Attachments = [.. attachments.Select((attachment, index) => AttachmentReader.Read(attachment!.AsObject(), index + 1, seed))] };
        var received = MessageReader.Time(extended, ExtendedProperties.DeliveryTime);
        foreach (var id in OnlyAtCreation)
            extended.Remove(id); // they live on as properties of the message
        return new NewMessage(folder, new ComposedContent(detail, seed, received: null, extended))
        {
            IsDraft = isDraft,
            IsRead = body["isRead"]?.GetValue<bool>() ?? (isDraft || (flags & ExtendedProperties.FlagRead) != 0),
            ReceivedAt = isDraft ? null : received,
            SentAt = isDraft ? null : sent,
            Flag = MessageReader.Flag(body),
            Categories = MessageReader.Categories(body) ?? [],
            Importance = MessageReader.Choice(body, "importance", "low", "normal", "high") ?? "normal",
            InferenceClassification = MessageReader.Choice(body, "inferenceClassification", "focused", "other") ?? "focused",
        };
    }

    private static GraphResponse Update(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var body = request.JsonBody();
        var flag = MessageReader.Flag(body);
        var categories = MessageReader.Categories(body);
        var extended = MessageReader.Extended(body).Where(pair => !OnlyAtCreation.Contains(pair.Key)).ToDictionary();
        var importance = MessageReader.Choice(body, "importance", "low", "normal", "high");
        var classification = MessageReader.Choice(body, "inferenceClassification", "focused", "other");
        return mailbox.Read(() =>
        {
            var version = MailAccess.Message(request, mailbox);
            var edits = OnlyOfDrafts.Where(body.ContainsKey).ToList();
            if (!version.IsDraft && edits.Count > 0)
                throw new GraphErrorException(400, "ErrorInvalidPropertySet", $"The property '{edits[0]}' can be changed on drafts only.");
            MessageReader.Detail(body, new MessageDetail()); // refuses what a message does not have
            var changed = mailbox.Change(version.Message, before =>
            {
                var content = before.Content;
                if (edits.Count > 0 || extended.Count > 0)
                {
                    var composed = ComposedContent.From(content, (ulong)before.Message.Number);
                    content = composed.With(MessageReader.Detail(body, composed.Detail), Merge(composed.ExtendedProperties, extended));
                }
                return before with
                {
                    Content = content,
                    IsRead = body["isRead"]?.GetValue<bool>() ?? before.IsRead,
                    Flag = flag ?? before.Flag,
                    Categories = categories ?? before.Categories,
                    Importance = importance ?? before.Importance,
                    InferenceClassification = classification ?? before.InferenceClassification,
                };
            });
            return Show(200, request, mailbox, changed);
        });
    }

    private static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> before, Dictionary<string, string> changes)
    {
        var merged = before.ToDictionary();
        foreach (var (id, value) in changes)
            merged[id] = value;
        return merged;
    }

    private static GraphResponse Delete(GraphRequest request, bool hard)
    {
        var mailbox = MailAccess.Mailbox(request);
        return mailbox.Read(() =>
        {
            mailbox.Delete(MailAccess.Message(request, mailbox).Message, hard);
            return GraphResponse.NoContent;
        });
    }

    private static GraphResponse Move(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var target = FolderEndpoints.Text(request.JsonBody()["destinationId"]) ?? throw new GraphErrorException(400, "ErrorInvalidRequest", "destinationId is missing.");
        return mailbox.Read(() =>
        {
            var version = MailAccess.Message(request, mailbox);
            return Show(201, request, mailbox, mailbox.Move(version.Message, MailAccess.Folder(mailbox, target)));
        });
    }

    private static GraphResponse AddAttachment(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var body = request.JsonBody();
        return mailbox.Read(() =>
        {
            var message = MailAccess.Message(request, mailbox).Message;
            var (changed, added) = MessageAttachments.Add(mailbox, message, (key, seed) => AttachmentReader.Read(body, key, seed));
            var display = new MessageDisplay(null, ExpandOption.None, request.WantsImmutableIds, TextBody: false, BasicOnly: false);
            var view = new MessageView(mailbox, changed, display);
            return GraphResponse.Json(201, json => AttachmentJson.Write(json, view, added, AttachmentDisplay.Full));
        });
    }

    private static GraphResponse RemoveAttachment(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var key = MailAccess.Parse(request.Values["attachment"]).Attachment;
        return mailbox.Read(() =>
        {
            MessageAttachments.Remove(mailbox, MailAccess.Message(request, mailbox).Message, key);
            return GraphResponse.NoContent;
        });
    }

    private GraphResponse CreateUploadSession(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var version = MailAccess.Message(request, mailbox);
        return uploads.Create(request, mailbox, version.Message);
    }

    private static GraphResponse Show(int status, GraphRequest request, Mailbox mailbox, MessageVersion version)
    {
        var view = new MessageView(mailbox, version, new MessageDisplay(null, ExpandOption.None, request.WantsImmutableIds, request.WantsTextBody, BasicOnly: false));
        return GraphResponse.Json(status, json => MessageEndpoints.Write(json, view));
    }
}
