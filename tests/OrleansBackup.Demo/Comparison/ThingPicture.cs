using System.Collections.Immutable;
using System.Text.Json;

namespace OrleansBackup.Demo.Comparison;

/// <summary>Anything but mail at one moment, in the form in which two sides are compared: an event, a file, an item of a list, a message of a channel, or what such things lie in.</summary>
/// <param name="Kind">The server's word for it.</param>
/// <param name="Id">Of Graph; where that is unique in a drive, list, site or channel only, the id of that, a tilde, and its own.</param>
/// <param name="ContainerId">Of what it lies in, in the same form; null: at the top, or this side does not tell.</param>
/// <param name="Name">Null: it has none of its own, or this side does not tell.</param>
/// <param name="Properties">In Graph's form. Of the truth: everything that must be there. Of the backup: everything that it has.</param>
/// <param name="Contents">SHA-256 of each stream of bytes, with its name; a link has a name and no hash.</param>
public sealed record ThingPicture(string Kind, string Id, string? ContainerId, string? Name, JsonElement Properties, ImmutableArray<ThingContent> Contents)
{
    /// <summary>False: the service never hands it out, so that a backup can hold nothing of it.</summary>
    public bool IsReadable { get; init; } = true;

    /// <summary>Its own id, without that of what it is unique in.</summary>
    public string OwnId => Id[(Id.LastIndexOf('~') + 1)..];
}

/// <summary>A stream of bytes that hangs on something: a file's, a picture's, an attachment's.</summary>
/// <param name="Sha256">Lower-case hexadecimal; null: it has no bytes of its own, or the side could not give them.</param>
public sealed record ThingContent(string Name, string? Sha256);
