namespace Orleans.Serialization;

/// <summary>Something is wrong with what was to be sent.</summary>
[GenerateSerializer]
public class SerializerException : Exception
{
    public SerializerException() { }
    public SerializerException(string message) : base(message) { }
    public SerializerException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>A type cannot cross between grains; the message names it.</summary>
[GenerateSerializer]
public sealed class CodecNotFoundException : SerializerException
{
    public CodecNotFoundException() { }
    public CodecNotFoundException(string message) : base(message) { }
    public CodecNotFoundException(string message, Exception innerException) : base(message, innerException) { }
}
