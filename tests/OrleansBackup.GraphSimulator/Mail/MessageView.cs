using OrleansBackup.GraphSimulator.Content;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Mail;

/// <summary>A message about to be shown, and how. The content is made only when a property needs it.</summary>
internal sealed class MessageView(Mailbox mailbox, MessageVersion version, MessageDisplay display)
{
    private MessageDetail? _detail;

    public Mailbox Mailbox => mailbox;
    public MessageVersion Version => version;
    public MessageDisplay Display => display;
    public MessageDetail Detail => _detail ??= version.Content.Detail;
}

/// <summary>What the caller wants to see.</summary>
/// <param name="Select">Property names; null: the default ones.</param>
/// <param name="Expand">What to expand.</param>
/// <param name="ImmutableIds">Ids that survive moves.</param>
/// <param name="TextBody">The body as text, not HTML.</param>
/// <param name="BasicOnly">The caller may not see bodies and attachments.</param>
internal sealed record MessageDisplay(IReadOnlySet<string>? Select, ExpandOption Expand, bool ImmutableIds, bool TextBody, bool BasicOnly)
{
    public static MessageDisplay Of(Http.GraphRequest request) => new(
        Http.SelectOption.Read(request.Option("$select"), MessageProperties.IsKnown, MessageProperties.TypeName),
        ExpandOption.Read(request.Option("$expand")), request.WantsImmutableIds, request.WantsTextBody,
        !request.Caller!.Permissions.Overlaps(Identity.KnownPermissions.MailRead));
}
