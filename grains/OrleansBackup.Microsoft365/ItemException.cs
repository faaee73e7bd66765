namespace OrleansBackup.Microsoft365;

/// <summary>The item was deleted or moved away between being listed and being read: no error, the next round tells.</summary>
public sealed class ItemGoneException(string message, string code, string? requestId)
    : GraphException(message, code, requestId, isTransient: false);

/// <summary>The service cannot read this one item, whatever form is asked for: record it and go on with the others.</summary>
public sealed class ItemUnreadableException(string message, string code, string? requestId, Exception? inner = null)
    : GraphException(message, code, requestId, isTransient: false, inner);

/// <summary>The folder was deleted or moved away between being listed and being read: drop its token, the next round of folders tells.</summary>
public sealed class FolderGoneException(string message, string code, string? requestId)
    : GraphException(message, code, requestId, isTransient: false);
