namespace Orleans.Runtime;

/// <summary>What the engine itself has to report, apart from the exceptions of grains.</summary>
[GenerateSerializer]
public class OrleansException : Exception
{
    public OrleansException() { }
    public OrleansException(string message) : base(message) { }
    public OrleansException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>The call was turned away before the grain saw it: nothing happened, it can be tried again.</summary>
[GenerateSerializer]
public class OrleansMessageRejectionException : OrleansException
{
    public OrleansMessageRejectionException() { }
    public OrleansMessageRejectionException(string message) : base(message) { }
    public OrleansMessageRejectionException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>Too many calls wait for one activation; this one was refused before the grain saw it.</summary>
[GenerateSerializer]
public sealed class LimitExceededException : OrleansException
{
    public LimitExceededException() { }
    public LimitExceededException(string message) : base(message) { }
    public LimitExceededException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>The silo has not started yet, is stopping or has stopped.</summary>
[GenerateSerializer]
public sealed class SiloUnavailableException : OrleansMessageRejectionException
{
    public SiloUnavailableException() { }
    public SiloUnavailableException(string message) : base(message) { }
    public SiloUnavailableException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>The grain gave up a stream before its end: it was deactivated, or nobody read for too long.</summary>
[GenerateSerializer]
public sealed class EnumerationAbortedException : Exception
{
    public EnumerationAbortedException() { }
    public EnumerationAbortedException(string message) : base(message) { }
    public EnumerationAbortedException(string message, Exception innerException) : base(message, innerException) { }
}
