namespace OrleansBackup.PostgresSchema;

/// <summary>The database cannot be used as it is; the message is one line that says what to do.</summary>
public sealed class SchemaProblemException : Exception
{
    public SchemaProblemException() { }
    public SchemaProblemException(string message) : base(message) { }
    public SchemaProblemException(string message, Exception innerException) : base(message, innerException) { }
}
