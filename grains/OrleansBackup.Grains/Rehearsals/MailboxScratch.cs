using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Rehearsals;
using OrleansBackup.Grains.Mailboxes;
using OrleansBackup.Grains.Mailboxes.Items;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Items;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Rehearsals;

/// <summary>A folder, calendar, contact folder or task list of a mailbox that is there for one trial.</summary>
internal sealed class MailboxScratch(ItemSources items, IOptions<MailReadOptions> reading, IOptions<MailWriteOptions> writing) : IScratchPlace
{
    // What has to come back. Ids, change keys and the moments of making are new by nature.
    private static readonly ImmutableDictionary<string, ImmutableArray<string>> Compared = new Dictionary<string, ImmutableArray<string>>
    {
        [ItemKinds.Message] = ["subject", "body", "sender", "from", "toRecipients", "ccRecipients", "bccRecipients", "replyTo", "receivedDateTime", "sentDateTime", "isRead", "flag", "categories",
            "importance", "internetMessageId", "isDraft", "hasAttachments"],
        [ItemKinds.Event] = ["subject", "body", "start", "end", "isAllDay", "showAs", "sensitivity", "importance", "categories", "location", "recurrence", "attendees"],
        [ItemKinds.Contact] = ["displayName", "givenName", "middleName", "surname", "nickName", "initials", "generation", "title", "companyName", "department", "jobTitle", "profession", "manager",
            "assistantName", "spouseName", "children", "emailAddresses", "imAddresses", "mobilePhone", "businessPhones", "homePhones", "businessAddress", "homeAddress", "otherAddress",
            "businessHomePage", "officeLocation", "birthday", "personalNotes", "categories"],
        [ItemKinds.Task] = ["title", "body", "importance", "status", "categories", "dueDateTime", "startDateTime", "recurrence"],
    }.ToImmutableDictionary(StringComparer.Ordinal);

    public ResourceKind Kind => ResourceKind.Mailbox;

    public Task<string?> WhyNotAsync(PointReader point, ItemVersion item, CancellationToken cancellation) =>
        Task.FromResult(Compared.ContainsKey(item.Kind) ? null : $"Nothing of kind '{item.Kind}' is put back into a mailbox.");

    public ImmutableArray<string> PermissionsFor(string itemKind) => itemKind switch
    {
        ItemKinds.Event => ["Calendars.ReadWrite"],
        ItemKinds.Contact => ["Contacts.ReadWrite"],
        ItemKinds.Task => ["Tasks.ReadWrite.All"],
        _ => ["Mail.ReadWrite"],
    };

    public Task<ImmutableArray<ResourceId>> AlsoHoldsAsync(GraphClient client, ResourceId target, CancellationToken cancellation) => Task.FromResult<ImmutableArray<ResourceId>>([]);

    public async Task<ItemPicture> InPointAsync(PointReader point, ItemVersion item, CancellationToken cancellation)
    {
        if (item.Kind == ItemKinds.Message)
        {
            var mail = MailItem.Read(item);
            var attachments = new List<(string, string?, string, bool, string?)>();
            foreach (var (entry, number) in mail.Attachments.Select((entry, number) => (entry, number)))
                attachments.Add((entry.Name, entry.ContentType, entry.Kind, entry.IsInline, await PictureParts.HashAsync(point, item, MailItem.AttachmentContent(number), cancellation)));
            return ItemPicture.Of(await PictureParts.ReadAsync(point, item, MailItem.MessageContent, cancellation), Compared[item.Kind]).WithAttachments(attachments);
        }
        var (json, parts) = (await PictureParts.ReadAsync(point, item, ContentRoles.Json, cancellation), new List<(string, string?, string, bool, string?)>());
        foreach (var (entry, number) in ItemRecord.AttachmentsOf(item).Select((entry, number) => (entry, number)))
            parts.Add((entry.Name, entry.ContentType, entry.Kind, entry.IsInline, await PictureParts.HashAsync(point, item, ItemRecord.AttachmentContent(number), cancellation)));
        return Picture(json, item.Kind).WithAttachments(parts).With("photo", await PictureParts.HashAsync(point, item, ContentRoles.Photo, cancellation));
    }

    public async Task<ItemPicture?> InPlaceAsync(Scratch scratch, PointReader point, ItemVersion item, string newId, CancellationToken cancellation)
    {
        if (item.Kind == ItemKinds.Message)
        {
            var reader = new MailboxReader(scratch.Client, scratch.Target.ObjectId, reading.Value);
            if (await reader.TryReadAsync(newId, cancellation) is not { } summary)
                return null;
            await using var message = await reader.FetchAsync(summary, cancellation);
            return ItemPicture.Of(message.Message.Json, Compared[item.Kind]).WithAttachments(await PartsAsync(message.Attachments, cancellation));
        }
        var source = items.Read(KindOf(item.Kind), scratch.Client, scratch.Target.ObjectId);
        if ((await source.ReadContainersAsync(cancellation)).FirstOrDefault(container => IsOf(container, scratch)) is not { } place || await source.TryReadAsync(newId, place.Id, cancellation) is not { } listed)
            return null;
        await using var fetched = await source.FetchAsync(listed, cancellation);
        return Picture(fetched.Item.Json, item.Kind).WithAttachments(await PartsAsync([.. fetched.Attachments.Select(one => one.Attachment)], cancellation))
            .With("photo", fetched.Photo is { } photo ? await PictureParts.HashAsync(photo, cancellation) : null);
    }

    public async Task<bool> ClearAsync(Scratch scratch, string itemKind, CancellationToken cancellation)
    {
        var mailbox = scratch.Target.ObjectId;
        if (itemKind == ItemKinds.Message)
        {
            await new MailboxWriter(scratch.Client, mailbox, writing.Value).PurgeTopFoldersAsync(scratch.Name, cancellation);
            return true; // it ends when none is found
        }
        var target = items.Write(KindOf(itemKind), scratch.Client, mailbox);
        foreach (var container in (await target.ReadContainersAsync(cancellation)).Where(container => IsOf(container, scratch)))
            await target.PurgeContainerAsync(container.Id, cancellation);
        return !(await target.ReadContainersAsync(cancellation)).Any(container => IsOf(container, scratch));
    }

    private static ItemPicture Picture(ReadOnlyMemory<byte> json, string kind)
    {
        var picture = ItemPicture.Of(json, Compared[kind]);
        if (kind == ItemKinds.Event)
            return SeriesPicture.Add(picture, json);
        if (kind != ItemKinds.Task)
            return picture;
        // Of a task's steps what they say and whether they are done; when somebody ticked them is told anew.
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
        if (!document.RootElement.TryGetProperty("checklistItems", out var steps) || steps.ValueKind != JsonValueKind.Array)
            return picture;
        var at = 0;
        foreach (var step in steps.EnumerateArray().Select(step => ItemPicture.Of(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(step).ToArray(), ["displayName", "isChecked"]).Hash()).Order(StringComparer.Ordinal))
            picture = picture.With($"checklistItems[{at++}]", step);
        return picture;
    }

    private static async Task<List<(string, string?, string, bool, string?)>> PartsAsync(ImmutableArray<FetchedAttachment> attachments, CancellationToken cancellation)
    {
        var parts = new List<(string, string?, string, bool, string?)>(attachments.Length);
        foreach (var one in attachments)
            parts.Add((one.Name, one.ContentType, one.Kind.ToString(), one.IsInline, one.Content is { } content ? await PictureParts.HashAsync(content, cancellation) : null));
        return parts;
    }

    private static ItemPartKind KindOf(string itemKind) => ItemPartKind.All.First(kind => kind.Item == itemKind);

    // Contact folders lie in one of the place's name; calendars and lists stand beside each other with the name before theirs.
    private static bool IsOf(ItemContainer container, Scratch scratch) =>
        container.Name == scratch.Name || container.Name.StartsWith(scratch.Name + " / ", StringComparison.Ordinal);
}
