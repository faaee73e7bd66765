namespace OrleansBackup.Vault;

/// <summary>Anything the vault reports. The type says what happened; <see cref="IsTransient"/>, whether to try again.</summary>
public abstract class VaultException(string message, bool isTransient, Exception? inner = null) : Exception(message, inner)
{
    public bool IsTransient { get; } = isTransient;
}
