using OrleansBackup.Vault.Tests.IndependentReader;

namespace OrleansBackup.Vault.Tests.Given;

/// <summary>A vault of these tests as a reader sees it that shares no code with the product.</summary>
internal static class IndependentReading
{
    public static IndependentVault Of(MemoryBlobStore store) =>
        new(store.Objects.ToDictionary(o => o.Key.Value, o => o.Value, StringComparer.Ordinal), AVault.KeyText);
}
