using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Content;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Generation;

/// <summary>Real material: every event of .ics files and every card of .vcf files becomes an item of the mailbox.</summary>
internal static class RealItems
{
    private static readonly EnumerationOptions AnyCase = new() { RecurseSubdirectories = true, MatchCasing = MatchCasing.CaseInsensitive, IgnoreInaccessible = false, AttributesToSkip = 0 };

    public static void Add(Mailbox mailbox, TenantRecipe recipe, MailAddress owner, DateTimeOffset now)
    {
        if (recipe.CalendarDirectory is { } calendars)
        {
            var calendar = mailbox.WellKnownItem("calendar");
            foreach (var file in Directory.EnumerateFiles(calendars, "*.ics", AnyCase).Order(StringComparer.Ordinal))
            {
                foreach (var properties in IcsReader.Events(File.ReadAllBytes(file), mailbox.Address, owner.Name))
                    mailbox.AddItem(ItemKind.Event, calendar, properties, now);
            }
        }
        if (recipe.ContactDirectory is not { } contacts)
            return;
        var folder = mailbox.WellKnownItem("contacts");
        foreach (var file in Directory.EnumerateFiles(contacts, "*.vcf", AnyCase).Order(StringComparer.Ordinal))
        {
            foreach (var (properties, photo) in VcfReader.Contacts(File.ReadAllBytes(file)))
                mailbox.AddItem(ItemKind.Contact, folder, properties, now, and: version => version with { Photo = photo });
        }
    }
}
