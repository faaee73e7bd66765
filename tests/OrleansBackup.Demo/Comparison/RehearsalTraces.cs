using System.Collections.Immutable;

namespace OrleansBackup.Demo.Comparison;

/// <summary>Tells what a customer has from what a rehearsal of the service has put beside it for a moment, by the name of the place.</summary>
/// <remarks>
/// The service holds rehearsals by itself. No restore point may show what they put there, and all of it goes again: it is neither a part of the truth that points are
/// compared with nor anything to lose.
/// </remarks>
public static class RehearsalTraces
{
    private const string Mark = "OrleansBackup rehearsal ", MarkOfPages = "OrleansBackup-rehearsal-";

    public static (ImmutableArray<ThingPicture> Own, ImmutableArray<ThingPicture> Traces) Split(ImmutableArray<ThingPicture> things)
    {
        var traces = things.Where(thing => IsPlace(thing.Name)).ToHashSet();
        var places = traces.Select(trace => trace.Id).ToHashSet(StringComparer.Ordinal);
        for (var found = true; found;) // what lies in it, however deep
        {
            found = false;
            foreach (var thing in things.Where(thing => thing.ContainerId is { } container && places.Contains(container)))
                if (traces.Add(thing))
                    found |= places.Add(thing.Id);
        }
        return ([.. things.Where(thing => !traces.Contains(thing))], [.. traces]);
    }

    public static (MailboxPicture Own, MailboxPicture Traces) Split(MailboxPicture mailbox)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        return (Where(isTrace: false), Where(isTrace: true));

        MailboxPicture Where(bool isTrace) => new(
            [.. mailbox.Folders.Where(folder => folder.Path.Any(IsPlace) == isTrace)], [.. mailbox.Messages.Where(message => message.FolderPath.Any(IsPlace) == isTrace)]);
    }

    private static bool IsPlace(string? name) => name is not null && (name.Contains(Mark, StringComparison.Ordinal) || name.Contains(MarkOfPages, StringComparison.OrdinalIgnoreCase));
}
