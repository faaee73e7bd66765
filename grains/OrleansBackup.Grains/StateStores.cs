namespace OrleansBackup.Grains;

/// <summary>Names of grain storage; the host registers a provider under each.</summary>
public static class StateStores
{
    public const string Default = "default";
}
