namespace OrleansBackup.Demo.Story;

/// <summary>A mailbox that the server protects, under both of its names: the server's and the simulator's.</summary>
/// <param name="Path">Of the resource in the REST API.</param>
/// <param name="UserId">Of its owner in the simulated tenant.</param>
public sealed record ProtectedMailbox(string Path, string UserId, string ResourceId, string Address, string DisplayName, string Purpose)
{
    private const string Prefix = "mailbox-";

    public static ProtectedMailbox Of(string tenantPath, Clients.ResourceAnswer resource) => new(
        $"{tenantPath}/resources/{resource.Id}", resource.Id[Prefix.Length..], resource.Id, resource.Address, resource.DisplayName, resource.Purpose);
}
