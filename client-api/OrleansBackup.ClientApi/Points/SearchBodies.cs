using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Points;

/// <summary>One item that a search found, and where: the address of its restore point is made of these.</summary>
/// <param name="Point">The sequence number of the restore point.</param>
/// <param name="Day">The calendar day that the point stands for.</param>
public sealed record FoundBody(string Resource, long Point, DateOnly Day, ItemBody Item)
{
    public static FoundBody Of(ResourceId resource, RestorePointSummary point, ItemAtPoint item) =>
        new(resource.LocalName, point.Sequence, point.Day, ItemBody.Of(item));
}

/// <summary>How a search ended.</summary>
/// <param name="Searched">Resources that were searched to their end.</param>
/// <param name="More">True: the limit was reached, and there is at least one more item.</param>
/// <param name="NotSearched">Resources that could not be searched, and why.</param>
public sealed record SearchEndBody(int Searched, int Found, bool More, ImmutableArray<NotSearchedBody> NotSearched);

/// <summary>A resource that could not be searched.</summary>
public sealed record NotSearchedBody(string Resource, string DisplayName, string Reason);
