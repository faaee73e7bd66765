using Azure.Identity;
using OrleansBackup.CloudStores.KeyVault;
using OrleansBackup.Grains.Composition;
using OrleansBackup.Vault.Keys;

namespace OrleansBackup.Silo.Stores;

/// <summary>Keys in Azure Key Vault, reached as whoever this machine is signed in as.</summary>
internal sealed class AzureKeyVaultFactory : IKeyVaultFactory
{
    public IKeyEncryption Open(Uri key, TimeProvider time) => new AzureKeyVault(key, new DefaultAzureCredential(), new(), time);
}
