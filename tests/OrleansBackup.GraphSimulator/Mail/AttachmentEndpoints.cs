using OrleansBackup.GraphSimulator.Content;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.Ids;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Mail;

/// <summary>Reading attachments. The list does not page: it comes whole, however long.</summary>
internal sealed class AttachmentEndpoints(SimulatedWorld world)
{
    private const string ItemExpand = "microsoft.graph.itemattachment/item";

    public IEnumerable<GraphRoute> Routes => new[] { "/users/{user}/messages/{message}", "/users/{user}/mailFolders/{folder}/messages/{message}" }.SelectMany(message => new GraphRoute[]
    {
        new("GET", message + "/attachments", GraphService.Exchange, KnownPermissions.MailRead, List),
        new("GET", message + "/attachments/{attachment}", GraphService.Exchange, KnownPermissions.MailRead, Get),
        new("GET", message + "/attachments/{attachment}/$value", GraphService.Exchange, KnownPermissions.MailRead, Value),
    });

    private GraphResponse List(GraphRequest request)
    {
        var view = View(request);
        var display = Display(request, AttachmentJson.IsKnown);
        return GraphResponse.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("@odata.context", $"{request.ServiceRoot}/$metadata#users('{request.Values["user"]}')/messages('{request.Values["message"]}')/attachments");
            json.WriteStartArray("value");
            foreach (var attachment in view.Detail.Attachments)
            {
                if (display.Bytes)
                    RefuseBroken(view, attachment);
                AttachmentJson.Write(json, view, attachment, display);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private GraphResponse Get(GraphRequest request)
    {
        var view = View(request);
        var attachment = Find(request, view);
        var display = Display(request, attachment.Item is null ? AttachmentJson.IsKnownOfFile : AttachmentJson.IsKnown);
        return GraphResponse.Json(200, json => AttachmentJson.Write(json, view, attachment, display));
    }

    private GraphResponse Value(GraphRequest request)
    {
        var attachment = Find(request, View(request));
        return GraphResponse.Bytes(attachment.Item is null ? attachment.ContentType is { Length: > 0 } type && IsHeaderSafe(type) ? type : "application/octet-stream" : "text/plain", attachment.Bytes.Read());
    }

    private static bool IsHeaderSafe(string type) => type.All(character => character is > ' ' and < (char)127);

    private MailAttachment Find(GraphRequest request, MessageView view)
    {
        var id = MailAccess.Parse(request.Values["attachment"]);
        var owner = id.Kind switch
        {
            ExchangeIdKind.Attachment => view.Version.MutableNumber,
            ExchangeIdKind.ImmutableAttachment => view.Version.Message.Number,
            _ => -1,
        };
        var found = id.Mailbox == view.Mailbox.UserId && id.Number == owner ? view.Detail.Attachments.FirstOrDefault(attachment => attachment.Key == id.Attachment) : null;
        RefuseBroken(view, found ?? throw GraphErrors.ItemNotFound());
        return found;
    }

    private void RefuseBroken(MessageView view, MailAttachment attachment)
    {
        if (world.Faults.IsAttachmentBroken(view.Mailbox.UserId, view.Version.Message.Number, view.Version.MutableNumber, attachment.Key))
            throw new GraphErrorException(500, attachment.Item is null ? "ErrorCannotOpenFileAttachment" : "ErrorInternalServerError", "OLE conversion failed for the attachment.");
    }

    private static MessageView View(GraphRequest request)
    {
        var mailbox = MailAccess.Mailbox(request);
        var display = new MessageDisplay(null, ExpandOption.None, request.WantsImmutableIds, request.WantsTextBody, BasicOnly: false);
        return new MessageView(mailbox, MailAccess.Message(request, mailbox), display);
    }

    private static AttachmentDisplay Display(GraphRequest request, Func<string, bool> known)
    {
        var select = SelectOption.Read(request.Option("$select"), name => known(name) || name is "microsoft.graph.fileAttachment/contentId" or "microsoft.graph.fileAttachment/contentBytes", AttachmentJson.TypeName);
        var names = select?.Select(name => name.StartsWith("microsoft.graph.fileAttachment/", StringComparison.Ordinal) ? name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..] : name).ToHashSet();
        var expand = request.Option("$expand");
        if (expand is not null && !expand.Equals(ItemExpand, StringComparison.OrdinalIgnoreCase))
            throw GraphErrors.BadRequest($"Could not expand '{expand}' on type '{AttachmentJson.TypeName}'.");
        return new AttachmentDisplay(names, Bytes: names is null || names.Contains("contentBytes"), Item: expand is not null);
    }
}
