using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.Mail;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Exports;

/// <summary>Hands out items in their own form, up to 20 at once, each with its own error; and addresses to bring them back to.</summary>
internal sealed class ExportEndpoints(SimulatedWorld world, ImportSessions sessions)
{
    private const int Most = 20;

    public IEnumerable<GraphRoute> Routes =>
    [
        new("POST", "/admin/exchange/mailboxes/{mailbox}/exportItems", GraphService.Exchange, ExportPermissions.Export, Export),
        new("POST", "/admin/exchange/mailboxes/{mailbox}/createImportSession", GraphService.Exchange, ExportPermissions.Import,
            request => sessions.Create(request, ExchangePlaces.Mailbox(request))),
    ];

    private GraphResponse Export(GraphRequest request)
    {
        var mailbox = ExchangePlaces.Mailbox(request);
        var body = request.JsonBody();
        if ((body["itemIds"] ?? body["ItemIds"]) is not JsonArray ids || ids.Count == 0)
            throw new GraphErrorException(400, "ErrorInvalidRequest", "itemIds is needed.");
        if (ids.Count > Most)
            throw new GraphErrorException(400, "ErrorInvalidRequest", "More items were asked for than one request exports.");
        var answers = mailbox.Read(() => ids.Select(id => One(request, mailbox, (string?)id ?? "")).ToList());
        return GraphNodes.One(new JsonObject
        {
            ["@odata.context"] = $"{request.ServiceRoot}/$metadata#Collection(microsoft.graph.exportItemResponse)",
            ["value"] = new JsonArray([.. answers]),
        });
    }

    private JsonObject One(GraphRequest request, Mailbox mailbox, string id)
    {
        try
        {
            var item = ExchangePlaces.Item(mailbox, id);
            var (number, mutable) = item.Message is { } message ? (message.Message.Number, message.MutableNumber) : (item.Item!.Item.Number, item.Item.MutableNumber);
            if (world.Faults.IsBroken(mailbox.UserId, number, mutable) || world.Faults.IsUnexportable(mailbox.UserId, number, mutable))
                throw new GraphErrorException(500, "ErrorItemCorrupt", "The item cannot be exported.");
            return new JsonObject
            {
                ["itemId"] = item.Id(mailbox, request.WantsImmutableIds), ["changeKey"] = item.ChangeKey(mailbox), ["data"] = Convert.ToBase64String(item.ToStream()),
            };
        }
        catch (GraphErrorException e)
        {
            return new JsonObject { ["itemId"] = id, ["error"] = new JsonObject { ["code"] = e.Code, ["message"] = e.Message } };
        }
    }
}
