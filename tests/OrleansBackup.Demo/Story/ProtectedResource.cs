namespace OrleansBackup.Demo.Story;

/// <summary>Something that the server protects, under both of its names: the server's and the simulator's.</summary>
/// <param name="Path">Of the resource in the REST API.</param>
/// <param name="ResourceId">The server's: its kind, a dash, and <paramref name="ObjectId"/>.</param>
/// <param name="Kind"><c>mailbox</c>, <c>onedrive</c>, <c>site</c> or <c>team</c>.</param>
/// <param name="ObjectId">Of the user, site or team in the simulated tenant.</param>
/// <param name="Address">An address or, for want of one, the display name.</param>
public sealed record ProtectedResource(string Path, string ResourceId, string Kind, string ObjectId, string Address)
{
    public bool IsMailbox => Kind == "mailbox";

    public static ProtectedResource Of(string tenantPath, Clients.ResourceAnswer resource)
    {
        var cut = resource.Id.IndexOf('-', StringComparison.Ordinal);
        var kind = resource.Id[..cut];
        return new($"{tenantPath}/resources/{Uri.EscapeDataString(resource.Id)}", resource.Id, kind, resource.Id[(cut + 1)..], kind == "mailbox" ? resource.Address : $"{kind} {resource.DisplayName}");
    }
}
