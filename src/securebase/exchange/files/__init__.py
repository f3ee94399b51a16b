"""Files that bring an instrument in: read in bounded time, refused whole or kept whole."""
